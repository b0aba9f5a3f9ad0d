#!/bin/sh
# portway_route HOST PORT: for a script of POSIX sh that serves PORT. Leases http://HOST:8080 from a running Portway for as
# long as this shell lives. To be read in: . ./portway.sh
#
# The lease is renewed in the background and given back when the shell exits. A shell that is killed cannot give it back:
# then it ends by itself after PORTWAY_TTL (30s).
#
#   PORTWAY_ADMIN   where Portway is steered; http://localhost:8081 if unset
#   PORTWAY_TOKEN   its admin.token, if it has one
#
# Returns 1, with a line on stderr, where the route cannot be had. Sets traps for EXIT, INT and TERM; one route a script.
# Needs curl.

portway_route() {
  portway_admin=${PORTWAY_ADMIN:-http://localhost:8081}
  portway_owner=shell-$$
  portway_id=$1
  portway_ttl=${PORTWAY_TTL:-30s}
  case $portway_ttl in
    *[!0-9s]* | s* | '' | *s?*) printf 'portway: PORTWAY_TTL is %s (expected: seconds, such as 30s)\n' "$portway_ttl" >&2; return 1 ;;
  esac
  portway_pause=$((${portway_ttl%s} / 3))
  [ "$portway_pause" -gt 0 ] || portway_pause=1

  portway_ask PUT "/routes/$portway_id?ttl=$portway_ttl&owner=$portway_owner" \
    "{\"host\": \"$1\", \"target\": $2}" || return 1
  (
    # Ends with the shell that asked, however that ends: its number is all that is known of it here.
    while sleep "$portway_pause" && kill -0 "$$" 2>/dev/null; do
      portway_ask POST "/routes/$portway_id/renew?ttl=$portway_ttl&owner=$portway_owner" '' ||
        portway_ask PUT "/routes/$portway_id?ttl=$portway_ttl&owner=$portway_owner" \
          "{\"host\": \"$1\", \"target\": $2}" || :
    done
  ) >/dev/null 2>&1 &
  portway_renewer=$!
  trap portway_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

portway_end() {
  kill "$portway_renewer" 2>/dev/null || :
  portway_ask DELETE "/routes/$portway_id?owner=$portway_owner" '' || :
}

# portway_ask METHOD PATH BODY
portway_ask() {
  # The token goes by standard input, where no list of processes shows it.
  portway_said=$(
    {
      [ -z "${PORTWAY_TOKEN:-}" ] || printf 'header = "Authorization: Bearer %s"\n' "$PORTWAY_TOKEN"
    } | curl --config - --silent --show-error --max-time 5 --request "$1" --header 'Content-Type: application/json' \
      ${3:+--data "$3"} --write-out '\n%{http_code}' "$portway_admin$2" 2>&1
  ) || { printf 'portway: %s\n' "$portway_said" >&2; return 1; }
  case ${portway_said##*
} in
    2??) ;;
    *) printf 'portway: %s %s was answered %s\n' "$1" "$2" "$portway_said" >&2; return 1 ;;
  esac
}
