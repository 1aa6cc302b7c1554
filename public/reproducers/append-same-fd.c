// append-same-fd: direct writes and fsync() by two threads on one descriptor.
//
//     gcc -Wall -O2 -pthread -o append-same-fd append-same-fd.c
//     ./append-same-fd FILE [SECONDS]
//
// One thread writes the first 4096 bytes of FILE with O_DIRECT again and again, the other one calls fsync() on the same
// descriptor. On a kernel that is concerned and was built with CONFIG_BTRFS_ASSERT the fsync thread runs into BUG() within
// seconds: look at the kernel log. The program then stops getting on, says so and gives up. Use a machine that may crash.
//
// Exit status: 0 both threads went on to the end, 1 one of them failed or stopped, 2 the test could not be made.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { page = 4096 };

static int fd;
static void *buffer;
static atomic_bool stop;
static atomic_ulong writes, syncs;
static atomic_int failed;

static void *writer(void *unused)
{
	(void)unused;
	while (!stop) {
		if (pwrite(fd, buffer, page, 0) != page) {
			failed = errno != 0 ? errno : EIO;
			break;
		}
		writes++;
	}
	return NULL;
}

static void *syncer(void *unused)
{
	(void)unused;
	while (!stop) {
		if (fsync(fd) != 0) {
			failed = errno;
			break;
		}
		syncs++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long seconds = 10, i, last_writes = 0, last_syncs = 0;
	pthread_t threads[2];
	char *end;
	int stuck = 0;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: append-same-fd FILE [SECONDS]\n");
		return 2;
	}
	if (argc > 2) {
		seconds = strtoul(argv[2], &end, 10);
		if (*argv[2] == '\0' || *end != '\0' || seconds == 0 || seconds > 86400) {
			fprintf(stderr, "append-same-fd: SECONDS is to be 1 to 86400, not \"%s\"\n", argv[2]);
			return 2;
		}
	}
	fd = open(argv[1], O_CREAT | O_TRUNC | O_WRONLY | O_DIRECT, 0666);
	if (fd < 0 || posix_memalign(&buffer, page, page) != 0) {
		perror(argv[1]);
		return 2;
	}
	memset(buffer, 0xab, page);
	if (pthread_create(&threads[0], NULL, writer, NULL) != 0 || pthread_create(&threads[1], NULL, syncer, NULL) != 0) {
		fprintf(stderr, "append-same-fd: no threads\n");
		return 2;
	}
	for (i = 0; i < seconds && !failed; i++) {
		unsigned long w, s;

		sleep(1);
		w = writes;
		s = syncs;
		stuck = w == last_writes || s == last_syncs ? stuck + 1 : 0;
		if (stuck >= 5) {
			printf("BAD: no progress for 5 seconds after %lu writes and %lu fsyncs; see the kernel log\n", w, s);
			fflush(stdout);
			_exit(1);
		}
		last_writes = w;
		last_syncs = s;
	}
	stop = 1;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	if (failed) {
		printf("BAD: %s after %lu writes and %lu fsyncs\n", strerror(failed), writes, syncs);
		return 1;
	}
	printf("ok: %lu writes, %lu fsyncs\n", writes, syncs);
	return 0;
}
