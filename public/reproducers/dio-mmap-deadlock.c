/*
 * dio-mmap-deadlock: O_DIRECT to or from a mapping of the very range of the
 * file that is read or written. Does the call return?
 *
 *   gcc -Wall -O2 -o dio-mmap-deadlock dio-mmap-deadlock.c
 *   ./dio-mmap-deadlock read|write FILE [SECONDS]
 *
 * FILE is created on the file system to be tried. A child makes the call; the
 * parent waits for SECONDS (default 30). Exit status: 0 the call returned, 1 it
 * did not, 2 it could not be tried. A call that hangs cannot be killed, and
 * keeps the file system busy until the machine is started anew.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE 4096

static void give_up(const char *what)
{
	fprintf(stderr, "dio-mmap-deadlock: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* One page of data, synced, and none of it left in the page cache. */
static void make_file(const char *path)
{
	char *data = NULL;
	int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0644);

	if (fd < 0)
		give_up(path);
	if (posix_memalign((void **)&data, SIZE, SIZE))
		give_up("memory");
	memset(data, 0xab, SIZE);
	if (pwrite(fd, data, SIZE, 0) != SIZE || fsync(fd) != 0)
		give_up("writing the file");
	if (posix_fadvise(fd, 0, SIZE, POSIX_FADV_DONTNEED) != 0)
		give_up("dropping it from the page cache");
	free(data);
	close(fd);
}

static int try_it(const char *path, int writes)
{
	int fd = open(path, O_RDWR | O_DIRECT);
	ssize_t n;
	char *map;

	if (fd < 0)
		give_up("opening it with O_DIRECT");
	map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		give_up("mapping it");
	n = writes ? pwrite(fd, map, SIZE, 0) : pread(fd, map, SIZE, 0);
	if (n < 0)
		printf("%s() returned -1: %s\n", writes ? "pwrite" : "pread", strerror(errno));
	else
		printf("%s() returned %zd, the first byte is 0x%02x (expected 0xab)\n", writes ? "pwrite" : "pread", n,
		       (unsigned char)map[0]);
	fflush(stdout);
	return n == SIZE ? 0 : 1;
}

int main(int argc, char **argv)
{
	int seconds = argc > 3 ? atoi(argv[3]) : 30, status;
	int writes;
	pid_t child;

	if (argc < 3 || argc > 4 || seconds < 1 || (strcmp(argv[1], "read") && strcmp(argv[1], "write"))) {
		fprintf(stderr, "use: %s read|write FILE [SECONDS]\n", argv[0]);
		return 2;
	}
	writes = strcmp(argv[1], "write") == 0;
	make_file(argv[2]);
	child = fork();
	if (child < 0)
		give_up("fork");
	if (child == 0)
		_exit(try_it(argv[2], writes));
	for (int i = 0; i < 10 * seconds; i++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
		usleep(100000);
	}
	printf("the call has not returned after %d seconds; where it sleeps: cat /proc/%d/stack\n", seconds, (int)child);
	return 1;
}
