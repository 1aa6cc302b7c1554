// SPDX-License-Identifier: MIT
/*
 * bcachefs, 6.9 to 6.10.10: does write() move the file position by what it returns?
 *
 * One thread writes 128 KiB inside the file; another one unmaps first the second half of the buffer, then the first,
 * each after a random delay. On a kernel that starts a write over, the first attempt may write 64 KiB and the second fail
 * at once: the count is then of the first attempt, the position of the second.
 *
 *   gcc -O2 -Wall -Wextra -pthread -o bcachefs-h5 bcachefs-h5.c
 *   ./bcachefs-h5 /mnt/bcachefs/f [rounds]
 *
 * Exit status: 0 they always agreed, 1 they did not, 2 it could not be tried.
 *
 * This follows from reading the code; nobody has reported it from a real machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LENGTH 131072L
#define HALF 65536L

static char *buffer;
static pthread_barrier_t start;
static unsigned int seed = 1;

static void die(const char *what)
{
	fprintf(stderr, "bcachefs-h5: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Up to some ten microseconds, without giving up the processor. */
static void dawdle(void)
{
	for (volatile long left = rand_r(&seed) % 20000; left > 0; left--)
		;
}

static void *unmapper(void *unused)
{
	pthread_barrier_wait(&start);
	dawdle();
	if (munmap(buffer + HALF, HALF) != 0)
		die("munmap");
	dawdle();
	if (munmap(buffer, HALF) != 0)
		die("munmap");
	return unused;
}

int main(int argc, char **argv)
{
	long rounds = 1000000, cut = 0, differ = 0;
	char *rest = "";
	int fd;

	if (argc == 3)
		rounds = strtol(argv[2], &rest, 10);
	if (argc < 2 || argc > 3 || *rest != '\0' || rounds < 1) {
		fprintf(stderr, "usage: %s FILE [ROUNDS]\nFILE is created on a mounted bcachefs; it must not exist.\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		die(argv[1]);
	/* Inside i_size, so that the write does not extend the file. */
	if (ftruncate(fd, 2 * LENGTH) != 0)
		die("ftruncate");
	for (long round = 1; round <= rounds && differ == 0; round++) {
		pthread_t thread;
		ssize_t done;
		off_t moved;

		buffer = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (buffer == MAP_FAILED)
			die("mmap");
		if (lseek(fd, 0, SEEK_SET) != 0)
			die("lseek");
		if (pthread_barrier_init(&start, NULL, 2) != 0 || pthread_create(&thread, NULL, unmapper, NULL) != 0) {
			fprintf(stderr, "bcachefs-h5: no threads\n");
			return 2;
		}
		pthread_barrier_wait(&start);
		done = write(fd, buffer, LENGTH);
		if (done < 0 && errno != EFAULT)
			die("write");
		moved = lseek(fd, 0, SEEK_CUR);
		pthread_join(thread, NULL);
		pthread_barrier_destroy(&start);
		cut += done > 0 && done < LENGTH;
		if (moved == (done > 0 ? done : 0))
			continue;
		differ++;
		printf("round %ld: write() returned %zd, but the file position moved by %lld\n", round, done, (long long)moved);
	}
	printf("%ld writes were cut short; %s\n", cut, differ > 0 ? "count and position differ" : "count and position always agreed");
	unlink(argv[1]);
	return differ > 0;
}
