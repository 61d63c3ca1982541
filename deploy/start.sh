#!/usr/bin/env bash
# Starts the bot on the machine of main.bicep: signs in by managed identity, reads the secrets from the vault into memory
# (/run is a tmpfs), and stays in the foreground with the containers. Restarting the unit takes up changed secrets.
set -euo pipefail
settings=/etc/acr-warden/start.json
environment=/run/acr-warden/environment
umask 077

ask() { jq -r "$1" "$settings"; }

token() {
  curl -fsS --retry 10 --retry-all-errors -G -H 'Metadata: true' \
    --data-urlencode "api-version=2018-02-01" --data-urlencode "resource=$1" --data-urlencode "client_id=$(ask .client)" \
    http://169.254.169.254/metadata/identity/oauth2/token | jq -r .access_token
}

# Values of secrets never stand in an argument: curl reads the header from a file descriptor.
cp /etc/acr-warden/settings.env "$environment"
echo >>"$environment"
vault_token="$(token "$(ask .vaultAudience)")"
ask '.secrets | to_entries[] | "\(.key) \(.value)"' | while read -r variable name; do
  value="$(curl -fsS --retry 5 -H @<(printf 'Authorization: Bearer %s' "$vault_token") \
    "$(ask .vault)secrets/$name?api-version=7.4" | jq -r .value)"
  printf "%s='%s'\n" "$variable" "$value" >>"$environment"
done

registry="$(ask .imageRegistry)"
if [ -n "$registry" ]; then
  management_token="$(token "$(ask .managementAudience)")"
  printf 'grant_type=access_token&service=%s&access_token=%s' "$registry" "$management_token" |
    curl -fsS --retry 5 --data @- "https://$registry/oauth2/exchange" | jq -r .refresh_token |
    docker --config /run/acr-warden login "$registry" --username 00000000-0000-0000-0000-000000000000 --password-stdin >/dev/null
fi

compose=(docker --config /run/acr-warden compose --project-directory /etc/acr-warden --env-file "$environment"
  -f /etc/acr-warden/compose.yaml -f /etc/acr-warden/disk.yaml --profile https)
"${compose[@]}" pull --quiet
exec "${compose[@]}" up --no-build --remove-orphans
