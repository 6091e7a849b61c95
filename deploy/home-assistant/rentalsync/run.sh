#!/bin/bash
# What the add-on runs: its options become a portfolio in /data, which `rentalsync up` then lives with.
set -euo pipefail

data=${ADDON_DATA:-/data}
own=${ADDON_CONFIG:-/config}
folder=$data/rentalsync

# The Supervisor starts us as root and writes for root: hand over what is needed, and go on as our own user.
as=()
to=()
if [[ $EUID -eq 0 ]] && id rentalsync &>/dev/null; then
    as=(setpriv --reuid rentalsync --regid rentalsync --init-groups --no-new-privs)
    to=(-o rentalsync -g rentalsync)
fi

take() {
    if [[ -f $1 ]]; then
        install -m 0600 "${to[@]}" "$1" "$folder/${1##*/}"
    fi
}

install -d -m 0711 "${to[@]}" "$folder"
cd "$folder"
take "$data/options.json"
"${as[@]}" rentalsync options options.json

# Files of the user's own, for what the options can't say, take the place of those made from the options.
take "$own/rentalsync.yaml"
take "$own/secrets.env"
"${as[@]}" rentalsync apply --prune \
    || echo "The configuration was not applied; what was applied before goes on." >&2

set -a
# shellcheck source=/dev/null
. ./addon.env
set +a
exec "${as[@]}" rentalsync up --no-ui --http-host 0.0.0.0 --http-port "${ADDON_PORT:-8099}"
