#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test, browser journeys included.
#
#   ./test.sh                    all test projects
#   ./test.sh Engine Web         only these (names without "CampaignManager." and ".Tests")
#
# On Debian or Ubuntu as root it installs what is missing; elsewhere it says what to install. With CI set, a missing browser is a
# failure; without, the browser tests are skipped and say so, and so are those of generated clients without npm. Tests on PostgreSQL start a server of their own and are skipped where none is installed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# LightGBM's threads must not spin while they wait: on a busy machine that costs twenty times the time.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
if [ -n "${CI:-}" ]; then
  # No build server may outlive the run and keep its output open.
  export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
fi

say() { printf '%s\n' "$*"; }

find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable; }
# Not "grep -q": leaving early breaks the pipe, which pipefail reports as "not found".
has_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep "$1" >/dev/null; }

missing_packages() {
  find_browser >/dev/null || say chromium
  fc-list 2>/dev/null | grep -i 'cjk' >/dev/null || say fonts-noto-cjk
  has_library 'libgomp\.so\.1' || say libgomp1
  command -v npm >/dev/null || say npm
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || say postgresql
}

prepare_machine() {
  if ! dotnet --version >/dev/null 2>&1; then
    say "The .NET 10 SDK is missing. Install it from https://dotnet.microsoft.com/download/dotnet/10.0 (or run"
    say "  curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
    say "and add ~/.dotnet to PATH), then run ./test.sh again."
    exit 1
  fi
  [ "$(uname -s)" = Linux ] || return 0
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing: $missing"
    # shellcheck disable=SC2086 # a list of package names
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } </dev/null >/dev/null || {
      say "Could not install: $missing"
      [ -z "${CI:-}" ] || exit 1
    }
  elif command -v apt-get >/dev/null; then
    say "Missing for the tests of the browser, of training, of generated clients and of PostgreSQL. Install with:  sudo apt-get install -y $missing"
  else
    say "Missing for the tests of the browser, of training, of generated clients and of PostgreSQL (Debian's names): $missing- please install their equivalents."
  fi
}

projects() {
  local path name
  for path in tests/*.Tests; do
    name=${path#tests/CampaignManager.}
    name=${name%.Tests}
    if [ $# -eq 0 ]; then say "$name"; continue; fi
    for wanted in "$@"; do [ "$wanted" = "$name" ] && say "$name"; done
  done
}

# Quick projects first: a broken formula shows in seconds, not after the browser has been started.
in_order() { sed -e 's/^Engine$/1 &/; s/^Application$/2 &/; s/^Web$/3 &/; s/^EndToEnd$/4 &/; /^[0-9] /!s/^/5 /' | sort | cut -d' ' -f2; }

# The slowest tests over all projects, of the results that xunit writes: seconds, project, name.
slowest() {
  local file
  for file in TestResults/*.xml; do
    [ -e "$file" ] || continue
    grep -oE '<test [^>]*>' "$file" | sed -E 's/.* name="([^"]*)".* time="([^"]*)".*/\2 \1/; s/\\&quot;/"/g; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' \
      | awk -v project="$(basename "$file" .xml)" '{ seconds = $1; sub(/^[^ ]+ /, ""); sub(/^CampaignManager\.[A-Za-z]+\.Tests\./, ""); printf "%8.1f s  %s: %s\n", seconds, project, $0 }'
  done | sort -rn | head -10
}

# What failed, with the first lines of why, at the end of all output: long logs are cut from the front.
failures() {
  local log
  for log in TestResults/*.log; do
    [ -e "$log" ] || continue
    grep -A 8 -F '[FAIL]' "$log" | grep -vE '^ *(info|warn|fail|dbug): |^--$' | cut -c1-300
  done | head -80
}

passed=0 failed=0 skipped=0
run_project() {
  local name=$1 assembly="tests/CampaignManager.$1.Tests/bin/Debug/net10.0/CampaignManager.$1.Tests" log="TestResults/$1.log" code=0 summary
  say "== $name"
  timeout --kill-after=20 "${TEST_TIMEOUT:-1500}" "$assembly" -noColor -noLogo -result-xml "TestResults/$name.xml" </dev/null 2>&1 | tee "$log" || code=$?
  summary=$(grep -E "Total: [0-9]+, Errors: [0-9]+" "$log" | tail -1)
  if [ -z "$summary" ]; then
    say "$name ended without a summary (exit code $code): counted as one failure"
    failed=$((failed + 1))
    return
  fi
  number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
  local bad=$(($(number Failed) + $(number Errors)))
  # A non-zero exit without a failed test (an error outside any test) must not pass unseen.
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  failed=$((failed + bad))
  skipped=$((skipped + $(number Skipped)))
  passed=$((passed + $(number Total) - $(number Failed) - $(number Skipped) - $(number 'Not Run')))
}

prepare_machine
chosen=$(projects "$@" | in_order)
if [ -z "$chosen" ]; then
  say "No test project named: $*. There are: $(projects | in_order | tr '\n' ' ')"
  exit 2
fi
rm -rf TestResults && mkdir -p TestResults
if ! dotnet build CampaignManager.sln -nologo -v quiet -warnaserror </dev/null; then
  say "The build failed."
  say "0 passed, 1 failed"
  exit 1
fi

for name in $chosen; do run_project "$name"; done
say "The slowest tests:"
slowest
[ "$failed" -eq 0 ] || { say "What failed:"; failures; }
say "All in $((SECONDS / 60)) min $((SECONDS % 60)) s, building included"
say "$passed passed, $failed failed$([ "$skipped" -gt 0 ] && say ", $skipped skipped")"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
