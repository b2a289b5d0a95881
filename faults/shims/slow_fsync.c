/* fsync and fdatasync that take FAULTS_FSYNC_MICROSECONDS longer than the disk does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_longer(void) {
    const char *micros = getenv("FAULTS_FSYNC_MICROSECONDS");
    if (micros) usleep((useconds_t)atol(micros));
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_longer();
    return real(descriptor);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_longer();
    return real(descriptor);
}
