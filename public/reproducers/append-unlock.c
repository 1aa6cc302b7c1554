/*
 * append-unlock: O_DSYNC direct writes beside syncfs() and ftruncate().
 *
 *   gcc -Wall -O2 -pthread -o append-unlock append-unlock.c
 *   ./append-unlock FILE [SECONDS]
 *
 * The fsync inside such a write finds, now and then, that a commit has already
 * made everything durable, and leaves early. On a kernel with 939b656bc8ab and
 * without e0391e92f9ab that exit gives up the inode lock of the write itself.
 * With lockdep the log then says "bad unlock balance detected"; without it the
 * lock may be left such that everybody waits: the program says when nothing
 * has moved for five seconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_ulong written, synced, truncated;
static atomic_int stop;
static const char *path;

static void die(const char *what)
{
	fprintf(stderr, "append-unlock: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *writer(void *unused)
{
	void *buffer;
	int fd = open(path, O_CREAT | O_RDWR | O_DIRECT | O_DSYNC, 0644);

	(void)unused;
	if (fd < 0)
		die(path);
	if (posix_memalign(&buffer, 4096, 4096))
		die("no memory for the buffer");
	memset(buffer, 0xab, 4096);
	while (!stop) {
		if (pwrite(fd, buffer, 4096, 0) != 4096)
			die("pwrite");
		written++;
	}
	close(fd);
	return NULL;
}

static void *syncer(void *unused)
{
	int fd = open(path, O_CREAT | O_RDWR, 0644);

	(void)unused;
	if (fd < 0)
		die(path);
	while (!stop) {
		if (syncfs(fd))
			die("syncfs");
		synced++;
	}
	close(fd);
	return NULL;
}

static void *truncater(void *unused)
{
	int fd = open(path, O_CREAT | O_RDWR, 0644);

	(void)unused;
	if (fd < 0)
		die(path);
	while (!stop) {
		if (ftruncate(fd, 0))
			die("ftruncate");
		truncated++;
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	void *(*const work[])(void *) = { writer, syncer, truncater };
	pthread_t thread[3];
	unsigned long before = 0;
	int seconds = argc > 2 ? atoi(argv[2]) : 60, quiet = 0;

	if (argc < 2 || argc > 3 || seconds <= 0) {
		fprintf(stderr, "usage: %s FILE [SECONDS]   (FILE is overwritten)\n", argv[0]);
		return 2;
	}
	path = argv[1];
	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread[i], NULL, work[i], NULL))
			die("pthread_create");
	while (seconds-- > 0) {
		unsigned long now;

		sleep(1);
		now = written + truncated;
		quiet = now == before ? quiet + 1 : 0;
		before = now;
		if (quiet == 5) {
			printf("nothing has moved for 5 seconds: look at dmesg\n");
			return 1;
		}
	}
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	printf("%lu writes, %lu syncfs, %lu truncates: look at dmesg for \"bad unlock balance\"\n",
	       (unsigned long)written, (unsigned long)synced, (unsigned long)truncated);
	return 0;
}
