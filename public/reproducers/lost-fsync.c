/*
 * lost-fsync: one asynchronous O_DIRECT write to a file opened with O_DSYNC.
 *
 *   gcc -Wall -O2 -o lost-fsync lost-fsync.c
 *   ./lost-fsync FILE
 *
 * When io_getevents() has handed out the result, the data and the size must
 * outlive a power failure. Cut the power as soon as the program says so (a
 * virtual machine, dm-log-writes); after the next mount the file has to be
 * 65536 bytes long and full of 0xab. On a kernel that loses the sync of such
 * writes it is as it was before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH 65536

static void die(const char *what)
{
	fprintf(stderr, "lost-fsync: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	aio_context_t context = 0;
	struct iocb write_block, *list[1] = { &write_block };
	struct io_event event;
	void *buffer;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE   (overwritten; on the file system under test)\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_CREAT | O_TRUNC | O_WRONLY | O_DIRECT | O_DSYNC, 0644);
	if (fd < 0)
		die(argv[1]);
	sync(); /* the empty file is what a crash may fall back to */

	if (posix_memalign(&buffer, 4096, LENGTH))
		die("no memory for the buffer");
	memset(buffer, 0xab, LENGTH);

	memset(&write_block, 0, sizeof(write_block));
	write_block.aio_lio_opcode = IOCB_CMD_PWRITE;
	write_block.aio_fildes = fd;
	write_block.aio_buf = (uint64_t)(uintptr_t)buffer;
	write_block.aio_nbytes = LENGTH;
	write_block.aio_offset = 0;

	if (syscall(SYS_io_setup, 1, &context) < 0)
		die("io_setup");
	if (syscall(SYS_io_submit, context, 1, list) != 1)
		die("io_submit");
	if (syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
		die("io_getevents");
	printf("the write was reported with res = %lld: cut the power now\n", (long long)event.res);
	fflush(stdout);
	pause();
	return 0;
}
