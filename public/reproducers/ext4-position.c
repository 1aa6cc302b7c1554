/*
 * ext4-position: two write() calls on an O_DIRECT descriptor.
 *
 *   gcc -Wall -O2 -o ext4-position ext4-position.c
 *   ./ext4-position FILE
 *
 * Both write 4096 bytes, 'a' first, then 'b'. The file has to be 8192 bytes
 * long and begin with 'a'. Where ext4's end_io answers with the number of
 * bytes and iomap does not move the position for such an answer, both land
 * on the first block: 4096 bytes of 'b', and the position is still 0.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH 4096

static void die(const char *what)
{
	fprintf(stderr, "ext4-position: %s: %s\n", what, strerror(errno));
	exit(2);
}

int main(int argc, char **argv)
{
	struct stat st;
	char *buffer;
	off_t position;
	int fd, i;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE   (overwritten; on the file system under test)\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_CREAT | O_TRUNC | O_RDWR | O_DIRECT, 0644);
	if (fd < 0)
		die(argv[1]);
	if (posix_memalign((void **)&buffer, 4096, LENGTH))
		die("no memory for the buffer");

	for (i = 0; i < 2; i++) {
		memset(buffer, 'a' + i, LENGTH);
		if (write(fd, buffer, LENGTH) != LENGTH)
			die("write");
	}
	position = lseek(fd, 0, SEEK_CUR);
	if (fstat(fd, &st) || pread(fd, buffer, LENGTH, 0) != LENGTH)
		die("reading back");

	printf("position %lld, size %lld, first byte '%c'\n", (long long)position, (long long)st.st_size, buffer[0]);
	printf("%s\n", st.st_size == 2 * LENGTH && buffer[0] == 'a' ? "as it should be" : "the second write went over the first");
	return st.st_size == 2 * LENGTH && buffer[0] == 'a' ? 0 : 1;
}
