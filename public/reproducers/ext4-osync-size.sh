#!/bin/sh
# ext4-osync-size: an O_SYNC direct write that grows a file, then a power failure.
#
#   sh ext4-osync-size.sh write DIR     # in a virtual machine, DIR on ext4; it reboots at once, without syncing
#   sh ext4-osync-size.sh check DIR     # after the reboot
#
# xfs_io comes with xfsprogs. The file has to be 1048576 bytes long. Where the size is set only after the
# sync it is 0, unless the journal happened to commit in between.
set -eu

case "${1:-}" in
write)
	: >"$2/f"
	sync
	xfs_io -f -d -s -c 'pwrite 0 1M' "$2/f"
	echo b >/proc/sysrq-trigger
	;;
check)
	size=$(stat -c %s "$2/f")
	echo "size $size, should be 1048576"
	test "$size" -eq 1048576
	;;
*)
	echo "usage: $0 write|check DIR" >&2
	exit 2
	;;
esac
