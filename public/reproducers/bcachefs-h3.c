// SPDX-License-Identifier: MIT
/*
 * bcachefs, 6.9 to 6.10.10: does a write that is started over take effect twice?
 *
 * A writes 128 KiB while another thread keeps unmapping the second half of its buffer, so that the copy may come back
 * short. B waits until it reads A in the first page, then writes B over that page. From then on the page has to be B:
 * what B has read as done may not be done again. On a kernel that starts the write over, the page can be A in the end.
 *
 *   gcc -O2 -Wall -Wextra -pthread -o bcachefs-h3 bcachefs-h3.c
 *   ./bcachefs-h3 /mnt/bcachefs/f [rounds]
 *
 * Exit status: 0 it was not seen, 1 it was, 2 it could not be tried.
 *
 * This follows from reading the code; nobody has reported it from a real machine. Use a file system that you can lose.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096L
#define LENGTH 131072L
#define HALF 65536L

static int fd;
static char *buffer; /* A's, a shared mapping: what is unmapped can be faulted in again */
static pthread_barrier_t start;
static atomic_bool writing;
static bool wrote_over;

static void die(const char *what)
{
	fprintf(stderr, "bcachefs-h3: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void write_all(const char *buf, long length)
{
	ssize_t done = pwrite(fd, buf, length, 0);

	if (done != length) {
		fprintf(stderr, "bcachefs-h3: pwrite of %ld bytes returned %zd: %s\n", length, done,
			done < 0 ? strerror(errno) : "short");
		exit(2);
	}
}

/* Is all of the first page this byte? */
static bool page_is(char byte)
{
	char page[PAGE], want[PAGE];

	memset(want, byte, PAGE);
	if (pread(fd, page, PAGE, 0) != PAGE)
		die("pread");
	return memcmp(page, want, PAGE) == 0;
}

static void *writer(void *unused)
{
	pthread_barrier_wait(&start);
	write_all(buffer, LENGTH);
	writing = false;
	return unused;
}

static void *observer(void *unused)
{
	char page[PAGE];

	memset(page, 'B', PAGE);
	pthread_barrier_wait(&start);
	while (writing) {
		if (!page_is('A'))
			continue;
		write_all(page, PAGE);
		wrote_over = true;
		break;
	}
	return unused;
}

static void *unmapper(void *unused)
{
	pthread_barrier_wait(&start);
	while (writing)
		if (madvise(buffer + HALF, HALF, MADV_DONTNEED) != 0)
			die("madvise");
	return unused;
}

int main(int argc, char **argv)
{
	void *(*const roles[])(void *) = {writer, observer, unmapper};
	long rounds = 100000, met = 0;
	char *rest = "", *old;
	bool twice = false;
	int memory;

	if (argc == 3)
		rounds = strtol(argv[2], &rest, 10);
	if (argc < 2 || argc > 3 || *rest != '\0' || rounds < 1) {
		fprintf(stderr, "usage: %s FILE [ROUNDS]\nFILE is created on a mounted bcachefs; it must not exist.\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		die(argv[1]);
	memory = memfd_create("a", 0);
	if (memory < 0 || ftruncate(memory, LENGTH) != 0)
		die("memfd_create");
	buffer = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	old = malloc(LENGTH);
	if (buffer == MAP_FAILED || !old)
		die("no memory");
	memset(buffer, 'A', LENGTH);
	memset(old, 'O', LENGTH);
	for (long round = 1; round <= rounds && !twice; round++) {
		pthread_t threads[3];

		write_all(old, LENGTH);
		writing = true;
		wrote_over = false;
		if (pthread_barrier_init(&start, NULL, 3) != 0)
			die("pthread_barrier_init");
		for (int i = 0; i < 3; i++)
			if (pthread_create(&threads[i], NULL, roles[i], NULL) != 0)
				die("pthread_create");
		for (int i = 0; i < 3; i++)
			pthread_join(threads[i], NULL);
		pthread_barrier_destroy(&start);
		met += wrote_over;
		twice = wrote_over && !page_is('B');
		if (twice)
			printf("round %ld: the page was read as A, written over with B, and is %s now\n", round,
			       page_is('A') ? "A again" : "neither");
	}
	printf("B wrote over A in %ld rounds; %s\n", met, twice ? "one write took effect twice" : "what it wrote stayed");
	unlink(argv[1]);
	return twice;
}
