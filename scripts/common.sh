# shellcheck shell=bash
# What the scripts share. They say what they do on standard error, so that standard output stays for results.

say() { printf '==> %s\n' "$*" >&2; }

# with_clock WHAT COMMAND...: runs the command, and says every 20 seconds how long it has been at it.
# Without it, a build of some minutes looks as if it hung.
with_clock() {
    local what=$1 status=0 clock
    shift
    tick "$what" </dev/null >/dev/null &
    clock=$!
    "$@" || status=$?
    kill "$clock" 2>/dev/null || true
    wait "$clock" 2>/dev/null || true
    return "$status"
}

# Stops with its parent, or when it is told to.
tick() {
    local start=$SECONDS nap=""
    # Takes its nap along when it is stopped: a sleep left behind would keep the caller's pipe open.
    trap 'kill "$nap" 2>/dev/null; exit 0' TERM
    while kill -0 $$ 2>/dev/null; do
        sleep 20 2>/dev/null &
        nap=$!
        wait "$nap"
        say "still at it after $((SECONDS - start)) s: $1"
    done
}

# hint_first_build FOLDER: a build without products starts with the libraries.
hint_first_build() {
    if [ ! -d "$1" ]; then say "this first build compiles the libraries too; it takes some minutes"; fi
}

# The package manager strikes from Package.resolved what a build without traits does not fetch; the other builds need it
# back. `pins` says where it is kept meanwhile.
save_pins() {
    if [ -e Package.resolved ]; then cp Package.resolved "$pins"; else : >"$pins"; fi
}

restore_pins() {
    if [ -s "$pins" ]; then cp "$pins" Package.resolved; elif [ -e "$pins" ]; then rm -f Package.resolved; fi
    rm -f "$pins"
}
