#!/usr/bin/env bash
# Cold start as a newcomer has it: clone, dotnet run, first page. Prints the seconds to each, as a markdown table.
#   cold-start.sh [port]      EMPTY_CACHE=1 restores into an empty package folder too
set -euo pipefail
repository=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
port=${1:-5999}
work=$(mktemp -d)
app=
stop() { if [ -n "$app" ]; then pkill -P "$app" 2>/dev/null; kill "$app" 2>/dev/null; fi; rm -rf "$work"; }
trap 'stop || true' EXIT
[ -z "${EMPTY_CACHE:-}" ] || export NUGET_PACKAGES="$work/packages"
seconds() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'; }

start=$(date +%s.%N)
git clone -q "$repository" "$work/clone"
cloned=$(seconds "$start")
cd "$work/clone"
dotnet run --project src/CampaignManager.Web --urls "http://127.0.0.1:$port" >"$work/log" 2>&1 &
app=$!
until curl -fs -o /dev/null "http://127.0.0.1:$port/account/sign-in"; do
  kill -0 "$app" 2>/dev/null || { cat "$work/log"; exit 1; }
  sleep 0.2
done
page=$(seconds "$start")
# The demo shop's last file says that it is whole.
until [ -n "$(find . -path '*/lake/demo/shop.json' -print -quit)" ]; do
  kill -0 "$app" 2>/dev/null || { cat "$work/log"; exit 1; }
  sleep 0.5
done
ready=$(seconds "$start")

echo "- $(date +%F), $(nproc) cores, $(uname -sr), .NET SDK $(dotnet --version)${EMPTY_CACHE:+, empty package cache}"
echo "- \`tests/CampaignManager.Benchmarks/cold-start.sh\`"
echo
echo "| since the start | seconds |"
echo "|---|---:|"
echo "| cloned | $cloned |"
echo "| first page (sign-in) served | $page |"
echo "| demo shop ready | $ready |"
