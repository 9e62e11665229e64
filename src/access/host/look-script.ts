/**
 * What a host runs to be looked at: constant text, to which nothing is ever added.
 * The requests follow it on standard input, a value a line; see look-words.ts. Works with dash,
 * bash and busybox, and with GNU's coreutils or busybox's.
 *
 * Everything that it says lies between marks, a letter and `=<boundary>` and a NUL. The boundary is
 * random for each look, so neither what a shell prints at its start nor what a file holds can pass
 * for one. Contents need no escaping, and no process for each file: one `head` reads them all, and
 * between two of them reads its own environment, which is nothing but the mark `B=<boundary>`.
 */

/**
 * Reads a line and runs it. `read` takes byte after byte, so what follows the line stays unread.
 * It has no quotes, backslashes, line feeds or exclamation marks in it that a login shell, be it csh
 * or fish, could take for something else.
 */
export const boot = 'IFS= read -r s; eval "$s"';

/** Runs its arguments as root. With neither root nor sudo it fails, and sudo says why. */
export const elevate = 'if [ "$(id -u)" = 0 ]; then exec "$@"; else exec sudo -n -- "$@"; fi';

/** One line for `boot`: reads the boundary, and the lines up to it as a script. */
export const loader =
  'n=$(printf "\\n."); n=${n%.}; s=; IFS= read -r b; while IFS= read -r l && [ "$l" != "$b" ]; do s=$s$l$n; done; eval "$s"';

/*
 * The marks:
 *   S       everything before it is noise
 *   H       uid, the clock in milliseconds, programs that are missing; then our name there
 *   A       the number of the request that is answered next
 *   D       a path that may not be read
 *   F       the files of a batch, one a line; then for each its contents and B;
 *           then X after what was left over, and E after the exit code and the words of `head`
 *   T L     facts of files, and of each link among them: path, 1 if it leads somewhere, target
 *   N       no such program
 *   O       standard output; then R after uptimes, exit code and standard error
 *   R       the end of a request
 *   Z       the end
 */
export const lookScript = String.raw`
LC_ALL=C; export LC_ALL; unset LANGUAGE ENV BASH_ENV
PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; export PATH
exec 3>&1 2>/dev/null
mark() { printf '%s=%s\000' "$1" "$b"; }
mark S
uid=$(id -u)
ms=$(date +%s%3N)
case $ms in
  *[!0-9]* | '') ms=$(date +%s)500 ;;
  ?????????????*) ;;
  *) ms=$(date +%s)500 ;;
esac
lacks=
for p in env head readlink stat timeout; do
  command -v "$p" >/dev/null || lacks="$lacks $p"
done
printf '%s %s%s\n%s' "$uid" "$ms" "$lacks" "$(id -un)"; mark H
IFS= read -r patience
# Nothing is split into words but lists, at line feeds.
IFS=
fast=unknown

# A path that is not there, as far as we can see: perhaps we may not see.
hidden() {
  [ "$uid" = 0 ] && return
  d=\${1%/*}
  while [ -n "$d" ] && ! [ -e "$d" ]; do d=\${d%/*}; done
  [ -d "$d" ] || return
  case $1 in
    *'*'*) [ -x "$d" ] && [ -r "$d" ] && return ;;
    *) [ -x "$d" ] && return ;;
  esac
  printf '%s' "$1"; mark D
}

# May head read its own environment? Else every file costs a process.
probe() {
  p=$(env -i "B=$b" head -q -c 99 -- /proc/self/environ /proc/self/environ)
  [ "$p" = "B=\${b}B=$b" ] && fast=yes || fast=no
}

contents() {
  if [ -f "$1" ]; then
    case $1 in
      *"$n"* | /proc/*self/*environ) return ;;
    esac
    if [ -r "$1" ]; then
      names=$names$1$n
      list=$list$1$n/proc/self/environ$n
    else
      printf '%s' "$1"; mark D
    fi
  elif ! [ -e "$1" ]; then
    hidden "$1"
  fi
}

# head has a list in one go, if it can.
contents_now() {
  [ $fast = unknown ] && probe
  printf '%s' "$names"; mark F
  set -f
  IFS=$n
  if [ $fast = yes ]; then
    e=$(timeout -s KILL "$patience" env -i "B=$b" head -q -c "$max" -- $list 2>&1 >&3 </dev/null)
    p=$?
  else
    p=0
    e=$(for f in $names; do
      timeout -s KILL "$patience" head -c "$max" -- "$f" 2>&1 >&3 </dev/null || [ $? -lt 124 ] ||
        printf "head: error reading '%s': not read in time\n" "$f"
      mark B >&3
    done)
  fi
  IFS=
  set +f
  mark X; printf '%s\n%s' "$p" "$e"; mark E
}

stats() {
  case $1 in
    *"$n"*) return ;;
  esac
  if [ -e "$1" ] || [ -L "$1" ]; then names=$names$1$n; fi
}

stats_now() {
  set -f
  IFS=$n
  stat -c '%f %u %g %s %Y %t %T %n' -- $names; mark T
  for f in $names; do
    [ -L "$f" ] || continue
    printf '%s\n' "$f"
    if [ -e "$f" ]; then echo 1; else echo 0; fi
    readlink -- "$f"; mark L
  done
  IFS=
  set +f
}

# Hands on one path after another, and then what is kept of a few hundred.
kept() {
  "$do" "$1"
  k=$((k + 1))
  if [ $k -ge 250 ]; then flush; fi
}

flush() {
  [ -z "$names" ] || "$do"_now
  k=0 names= list=
}

files() {
  read -r c
  k=0 names= list=
  while [ "$c" -gt 0 ]; do
    c=$((c - 1))
    read -r how
    read -r p
    if [ "$how" = glob ]; then
      for f in $p; do kept "$f"; done
    else
      kept "$p"
    fi
  done
  flush
  mark R
}

program() {
  read -r secs
  read -r max
  read -r c
  set --
  while [ "$c" -gt 0 ]; do
    c=$((c - 1))
    read -r p
    set -- "$@" "$p"
  done
  command -v "$1" >/dev/null || { mark N; return; }
  u=; v=
  IFS=' ' read -r u p </proc/uptime
  e=$({
    w=$({
      {
        timeout -s KILL "$secs" "$@" </dev/null 2>&4 3>&- 4>&- 5>&-
        printf '%s\n' "$?" >&5
      } | head -c "$max" >&3 4>&- 5>&-
    } 4>&1 | { head -c 16384; cat >/dev/null; })
    printf '%s' "$w"
  } 5>&1)
  mark O
  IFS=' ' read -r v p </proc/uptime
  printf '%s\n%s\n%s' "$u" "$v" "$e"; mark R
}

i=0
while read -r q; do
  [ "$q" = end ] || { printf '%s' $i; mark A; i=$((i + 1)); }
  case $q in
    contents) do=contents; read -r max; files ;;
    stats) do=stats; files ;;
    run) program ;;
    end) mark Z; exit 0 ;;
    *) exit 1 ;;
  esac
done
exit 1
`
  .replaceAll('\\${', '${')
  .trim();
