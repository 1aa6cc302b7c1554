// A buffer that changes while an O_DIRECT write of it is in flight, then a read of what was written.
//
//   gcc -O2 -Wall -Wextra -pthread -o dio-csum-race dio-csum-race.c
//   ./dio-csum-race FILE [BLOCK [BLOCKS]]
//
// Writes BLOCKS blocks (default 256) of BLOCK bytes (default 4096) to FILE, each filled with 0xff when the write begins, while
// a second thread fills the same buffer with zeros. Then drops the file from the page cache and reads every block back.
// On btrfs with data checksums and without 968f19c5b1b7 some blocks cannot be read (EIO), and the kernel logs "csum failed".
// Elsewhere a block may hold old bytes, new bytes or both, but reading never fails.
// Exit status: 0 = every block could be read, 1 = some could not, 2 = the test itself failed.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct race {
	unsigned char *buffer;
	size_t length;
	atomic_long turn; // the block being written; -1 = no more
	atomic_long done; // the last block for which the buffer was changed
};

static void die(const char *what)
{
	fprintf(stderr, "dio-csum-race: %s: %s\n", what, strerror(errno));
	exit(2);
}

static long number(const char *text, const char *what, long unit)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 0);
	if (errno != 0 || end == text || *end != '\0' || value <= 0 || value % unit != 0) {
		fprintf(stderr, "dio-csum-race: %s has to be a positive multiple of %ld, not \"%s\"\n", what, unit, text);
		exit(2);
	}
	return value;
}

// The second thread: fills the buffer with zeros once for each block, a little later every time.
static void *mutate(void *argument)
{
	struct race *race = argument;
	long seen = -2;

	for (;;) {
		long turn = atomic_load(&race->turn);

		if (turn == -1)
			return NULL;
		if (turn == seen) {
			sched_yield();
			continue;
		}
		seen = turn;
		for (volatile long wait = (turn % 64) * 200; wait > 0; wait--)
			;
		memset(race->buffer, 0x00, race->length);
		atomic_store(&race->done, turn);
	}
}

// What a block holds: "old", "new", or a mix of both.
static const char *content(const unsigned char *block, size_t length)
{
	size_t old = 0;

	for (size_t i = 0; i < length; i++)
		old += block[i] == 0xff;
	return old == length ? "old" : old == 0 ? "new" : "mixed";
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: %s FILE [BLOCK [BLOCKS]]\n", argv[0]);
		return 2;
	}
	const size_t length = argc > 2 ? (size_t)number(argv[2], "BLOCK", 4096) : 4096;
	const long blocks = argc > 3 ? number(argv[3], "BLOCKS", 1) : 256;
	struct race race = { .length = length };
	void *memory;
	pthread_t thread;
	long bad = 0, counts[3] = { 0, 0, 0 };
	int error, fd;

	error = posix_memalign(&memory, 4096, length);
	if (error != 0) {
		errno = error;
		die("posix_memalign");
	}
	race.buffer = memory;
	memset(race.buffer, 0xff, length);
	atomic_init(&race.turn, -2);
	atomic_init(&race.done, -2);

	fd = open(argv[1], O_CREAT | O_TRUNC | O_RDWR | O_DIRECT, 0644);
	if (fd < 0)
		die(argv[1]);
	error = pthread_create(&thread, NULL, mutate, &race);
	if (error != 0) {
		errno = error;
		die("pthread_create");
	}

	for (long i = 0; i < blocks; i++) {
		memset(race.buffer, 0xff, length);
		atomic_store(&race.turn, i);
		const ssize_t written = pwrite(fd, race.buffer, length, (off_t)i * (off_t)length);

		if (written < 0)
			die("pwrite");
		if ((size_t)written != length) {
			fprintf(stderr, "dio-csum-race: pwrite of block %ld returned %zd\n", i, written);
			return 2;
		}
		// The buffer is filled anew only when the other thread is through with it.
		while (atomic_load(&race.done) != i)
			sched_yield();
	}
	atomic_store(&race.turn, -1);
	pthread_join(thread, NULL);
	if (fsync(fd) != 0)
		die("fsync");
	close(fd);

	fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		die(argv[1]);
	error = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	if (error != 0) {
		errno = error;
		die("posix_fadvise");
	}
	// Without readahead each block is judged by itself.
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (long i = 0; i < blocks; i++) {
		const off_t at = (off_t)i * (off_t)length;
		const ssize_t got = pread(fd, race.buffer, length, at);

		if (got == (ssize_t)length) {
			const char *what = content(race.buffer, length);

			counts[what[0] == 'o' ? 0 : what[0] == 'n' ? 1 : 2]++;
			continue;
		}
		bad++;
		if (bad > 10)
			continue;
		if (got < 0)
			printf("block %ld at offset %lld: %s\n", i, (long long)at, strerror(errno));
		else
			printf("block %ld at offset %lld: %zd of %zu bytes, then an error\n", i, (long long)at, got, length);
	}
	printf("%ld blocks of %zu bytes: %ld old, %ld new, %ld mixed, %ld cannot be read%s\n", blocks, length, counts[0], counts[1],
	       counts[2], bad, bad > 0 ? " (see dmesg for \"csum failed\")" : "");
	free(memory);
	close(fd);
	return bad > 0 ? 1 : 0;
}
