/* fsync and fdatasync that fail with EIO: all of them while the file FAULTS_FSYNC_SWITCH exists, or only the one whose
 * number is FAULTS_FSYNC_AT. Each failure adds a byte to FAULTS_FSYNC_LOG. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long count;

static int fails(void) {
    const char *path = getenv("FAULTS_FSYNC_SWITCH"), *at = getenv("FAULTS_FSYNC_AT");
    long number = atomic_fetch_add(&count, 1) + 1;
    return (path && access(path, F_OK) == 0) || (at && number == atol(at));
}

static int fail(void) {
    const char *path = getenv("FAULTS_FSYNC_LOG");
    int file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT, 0644) : -1;
    if (file >= 0) {
        if (write(file, "x", 1) < 0) _exit(99);
        close(file);
    }
    errno = EIO;
    return -1;
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails() ? fail() : real(descriptor);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return fails() ? fail() : real(descriptor);
}
