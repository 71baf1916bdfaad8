# shellcheck shell=bash disable=SC2154 # the variables are those of ./cloud, which reads this
# What ./cloud has its servers read: each function writes files below $dir.

# Every call of a client logs in: cheap password hashes and a cache make that fifteen times faster.
configure_identity() {
  mkdir -p "$dir"/{fernet,receipts,credentials}
  cat >"$dir/keystone.conf" <<E
[DEFAULT]
log_dir = $dir/log
[database]
connection = sqlite:///$dir/keystone.sqlite
[identity]
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memory
[fernet_tokens]
key_repository = $dir/fernet
[fernet_receipts]
key_repository = $dir/receipts
[credential]
key_repository = $dir/credentials
# Keystone changes what it takes out of the cache, and finds it broken the second time
caching = false
[auth]
methods = password,token,application_credential,totp,openid
[federation]
# what Apache says of whom the provider knows, it says in headers
remote_id_attribute = HTTP_OIDC_ISS
trusted_dashboard = http://localhost:$callback/auth/websso/
sso_callback_template = $dir/callback.html
E
  # the package of the service brings one, that of the library does not
  cat >"$dir/callback.html" <<'E'
<form action="$host" method="post"><input type="hidden" name="token" value="$token"></form>
E
}

configure_image() {
  mkdir -p "$dir"/{fast,cheap,staging,tasks,cache}
  cat >"$dir/paste.ini" <<'E'
[composite:glance-api]
use = egg:Paste#urlmap
/: usual
/strict: strict
[pipeline:usual]
pipeline = versions authtoken context cache cachemanage root
# refuses what is revoked at once, for which it asks Identity every time
[pipeline:strict]
pipeline = versions strict-authtoken context cache cachemanage root
[composite:root]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2]
paste.app_factory = glance.api.v2.router:API.factory
[filter:versions]
paste.filter_factory = glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
[filter:strict-authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
token_cache_time = -1
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:cache]
paste.filter_factory = glance.api.middleware.cache:CacheFilter.factory
[filter:cachemanage]
paste.filter_factory = glance.api.middleware.cache_manage:CacheManageFilter.factory
E
  local login="auth_url = $identity
auth_type = password
username = glance
password = $password
user_domain_name = Default
project_name = service
project_domain_name = Default"
  cat >"$dir/glance.conf" <<E
[DEFAULT]
log_file = $dir/log/glance.log
bind_host = 127.0.0.1
bind_port = $image_port
workers = 1
worker_self_reference_url = $image
enabled_backends = fast:file, cheap:file, web:http
enabled_import_methods = [glance-direct,web-download,copy-image]
node_staging_uri = file://$dir/staging
image_cache_dir = $dir/cache
show_image_direct_url = true
show_multiple_locations = true
enforce_secure_rbac = true
use_keystone_limits = true
[oslo_policy]
enforce_new_defaults = true
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = $dir/fast
store_description = Fast local store
[cheap]
filesystem_store_datadir = $dir/cheap
store_description = Cheap local store
[web]
store_description = Read-only web store
[os_glance_tasks_store]
filesystem_store_datadir = $dir/tasks
[os_glance_staging_store]
filesystem_store_datadir = $dir/staging
[database]
connection = sqlite:///$dir/glance.sqlite
[import_filtering_opts]
allowed_hosts = [127.0.0.1]
allowed_ports = []
[paste_deploy]
config_file = $dir/paste.ini
[keystone_authtoken]
$login
[oslo_limit]
$login
E
}

# Apache stands before Identity, and has the OpenID provider say who comes from there: with the provider's token in
# hand (oauth20), or in the browser (openid-connect). Tests start that provider, at the address chosen here.
configure_web() {
  cat >"$dir/apache.conf" <<E
ServerRoot $dir
ServerName 127.0.0.1
Listen 127.0.0.1:$identity_port
PidFile $dir/log/apache.pid
ErrorLog $dir/log/apache.log
User www-data
Group www-data
KeepAliveTimeout 60
$(for module in mpm_event authn_core authz_core authz_user auth_openidc proxy proxy_http; do
    echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
  done)
ProxyPreserveHost On
ProxyPass / http://127.0.0.1:$behind/ retry=0 disablereuse=On
OIDCClaimPrefix OIDC-
OIDCPassClaimsAs headers
OIDCCryptoPassphrase $(secret)
OIDCProviderMetadataURL $provider/.well-known/openid-configuration
OIDCClientID keystone
OIDCClientSecret $relying_secret
OIDCRedirectURI $identity/auth/OS-FEDERATION/redirect
OIDCOAuthServerMetadataURL $provider/.well-known/openid-configuration
OIDCOAuthClientID keystone
OIDCOAuthClientSecret $relying_secret
<Location /v3/OS-FEDERATION/identity_providers/sso/protocols/openid/auth>
  AuthType oauth20
  Require valid-user
</Location>
<Location /v3/auth/OS-FEDERATION>
  AuthType openid-connect
  Require valid-user
</Location>
E
}
