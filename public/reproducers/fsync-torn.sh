#!/bin/sh
# A store through a mapping during a full fsync on btrfs with NO_HOLES.
# Makes the state that is needed and runs the two tasks side by side. The window is a few microseconds wide: expect to
# need a kernel with a delay in btrfs_log_inode(), and a device whose power you can cut (dm-log-writes, a virtual machine).
#
# usage: fsync-torn.sh DEVICE MOUNTPOINT      (everything on DEVICE is lost)
set -eu
if [ $# -ne 2 ]; then
	echo "usage: $0 DEVICE MOUNTPOINT   (everything on DEVICE is lost)" >&2
	exit 2
fi
dev=$1
mnt=$2
f=$mnt/f

mkfs.btrfs -q -f -O no-holes "$dev"
mount "$dev" "$mnt"
xfs_io -f -c "pwrite -q -S 0x11 0 512K" -c fsync \
	-c "pwrite -q -S 0x22 512K 512K" -c fsync \
	-c "pwrite -q -S 0x33 1M 4K" -c fsync "$f"
sync                                    # committed: 0x11, 0x22, 0x33

xfs_io -c "truncate 1M" "$f"            # the next fsync has to be a full one
xfs_io -c "fpunch 512K 512K" "$f"       # with NO_HOLES no item tells of the hole

xfs_io -c fsync "$f" &
xfs_io -c "mmap -w 0 1M" -c "mwrite -S 0x44 640K 4K" -c "sync_range -w -a 640K 4K" "$f"
wait

echo "fsync has returned. Cut the power now; after the next mount look at 640K:"
echo "  xfs_io -c 'pread -v 640K 16' $f"
echo "0x00 and 0x44 are legal, 0x22 was punched out before the fsync."
