// SPDX-License-Identifier: MIT
/*
 * bcachefs, 6.9 to 6.10.10: does a large write into uncached space drop the data of an append to the same file?
 *
 * Two threads on one file. A overwrites preallocated space in pieces of 1.25 MiB that are not in the page cache: long
 * enough that the lockless write path cannot lock all folios at once and starts over. B appends blocks of 64 KiB.
 * Every block that B was told is written has to read back. On a kernel that loses one, it reads as zeros.
 *
 *   gcc -O2 -Wall -Wextra -pthread -o bcachefs-h1 bcachefs-h1.c
 *   ./bcachefs-h1 /mnt/bcachefs/f [rounds]
 *
 * Exit status: 0 nothing was lost, 1 a block was lost, 2 it could not be tried.
 *
 * This follows from reading the code; nobody has reported it from a real machine. The window is as long as B holds its
 * new folios locked, so a slow disk and a busy machine help. Use a file system that you can lose.
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
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BCACHEFS_MAGIC 0xca451a4eL
#define PREALLOCATED (8L << 20)
#define PIECE 1310720L /* 1.25 MiB */
#define PIECES (PREALLOCATED / PIECE)
#define BLOCK 65536L
#define BLOCKS_MAX 4096 /* 256 MiB appended at most in a round */

static int fd;
static pthread_barrier_t start;
static atomic_bool overwriting;
static long appended; /* blocks that B was told are written */

static void die(const char *what)
{
	fprintf(stderr, "bcachefs-h1: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* All of it, or the end of the program: a short write would blur what was acknowledged. */
static void write_all(const char *buf, long length, off_t at)
{
	ssize_t done = pwrite(fd, buf, length, at);

	if (done < 0)
		die("pwrite");
	if (done != length) {
		fprintf(stderr, "bcachefs-h1: pwrite of %ld bytes at %lld returned %zd; is the disk full?\n", length,
			(long long)at, done);
		exit(2);
	}
}

static void *overwrite(void *buf)
{
	pthread_barrier_wait(&start);
	for (long i = 0; i < PIECES; i++)
		write_all(buf, PIECE, i * PIECE);
	overwriting = false;
	return NULL;
}

static void *append(void *buf)
{
	pthread_barrier_wait(&start);
	while (overwriting && appended < BLOCKS_MAX) {
		write_all(buf, BLOCK, PREALLOCATED + appended * BLOCK);
		appended++;
	}
	return NULL;
}

/* A fresh file: i_size 8M, all of it preallocated, nothing of it in the page cache. */
static void prepare(void)
{
	if (ftruncate(fd, 0) != 0)
		die("ftruncate");
	if (fallocate(fd, 0, 0, PREALLOCATED) != 0)
		die("fallocate");
	if (fsync(fd) != 0)
		die("fsync");
	if ((errno = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED)) != 0)
		die("posix_fadvise");
}

/* Looks at every block that B was told is written; how many are not as they should be. */
static long check(long round, const char *expected, char *buf)
{
	static const char zeros[BLOCK];
	long lost = 0;

	for (long i = 0; i < appended; i++) {
		off_t at = PREALLOCATED + i * BLOCK;
		ssize_t got = pread(fd, buf, BLOCK, at);

		if (got < 0)
			die("pread");
		if (got == BLOCK && memcmp(buf, expected, BLOCK) == 0)
			continue;
		lost++;
		printf("round %ld: [%lld, %lld) was acknowledged, but reads %s\n", round, (long long)at, (long long)at + BLOCK,
		       got != BLOCK                       ? "short"
		       : memcmp(buf, zeros, BLOCK) == 0 ? "zeros"
							  : "something else");
	}
	return lost;
}

int main(int argc, char **argv)
{
	long rounds = 1000, lost = 0, tried = 0;
	char *rest = "";
	struct statfs fs;
	struct stat st;

	if (argc == 3)
		rounds = strtol(argv[2], &rest, 10);
	if (argc < 2 || argc > 3 || *rest != '\0' || rounds < 1) {
		fprintf(stderr, "usage: %s FILE [ROUNDS]\nFILE is created on a mounted bcachefs; it must not exist.\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		die(argv[1]);
	if (fstatfs(fd, &fs) != 0 || fstat(fd, &st) != 0)
		die("fstatfs");
	if ((unsigned long)fs.f_type != BCACHEFS_MAGIC)
		fprintf(stderr, "bcachefs-h1: %s is not on bcachefs; this will only show that nothing is lost here\n", argv[1]);

	char *a = malloc(PIECE), *b = malloc(BLOCK), *seen = malloc(BLOCK);

	if (!a || !b || !seen)
		die("malloc");
	memset(a, 'A', PIECE);
	memset(b, 'B', BLOCK);
	for (long round = 1; round <= rounds && lost == 0; round++) {
		pthread_t threads[2];

		prepare();
		appended = 0;
		overwriting = true;
		if (pthread_barrier_init(&start, NULL, 2) != 0 || pthread_create(&threads[0], NULL, overwrite, a) != 0 ||
		    pthread_create(&threads[1], NULL, append, b) != 0) {
			fprintf(stderr, "bcachefs-h1: no threads\n");
			return 2;
		}
		pthread_join(threads[0], NULL);
		pthread_join(threads[1], NULL);
		pthread_barrier_destroy(&start);
		tried += appended;
		lost = check(round, b, seen);
	}
	printf("%ld of %ld acknowledged blocks were lost%s\n", lost, tried, lost > 0 ? "; the file is kept" : "");
	if (lost == 0)
		unlink(argv[1]);
	return lost > 0;
}
