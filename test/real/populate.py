"""Fills a new Identity service with what the tests use, and writes down how to log in.

populate.py FOLDER writes FOLDER/clouds.yaml, with a cloud for each kind of login that clouds.yaml can hold, and
FOLDER/login.json, with what else tests need: TOTP secrets, and what the OpenID provider has to be. It prints the ID of
the Image service's endpoint. The variables that it reads come from ./cloud.
"""
import base64
import json
import os
import sys
from os import environ as env

import yaml
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session
from keystoneclient.v3.client import Client

folder = sys.argv[1]
here = {'user_domain_id': 'default', 'project_domain_id': 'default'}
domain, region = 'default', 'RegionOne'


def client(name, project):
    login = Password(env['IDENTITY'], username=name, project_name=project, password=env['PASSWORD'], **here)
    session = Session(login)
    return Client(session=session), session.get_user_id()


keystone, admin_id = client('admin', 'admin')
roles = {role.name: role for role in keystone.roles.list()}
projects = {name: keystone.projects.create(name, domain) for name in ('demo', 'other', 'service')}
clouds = {}


def user(name, project, *role_names, **more):
    made = keystone.users.create(name, domain, **more)
    for role in role_names:
        keystone.roles.grant(roles[role], user=made, project=projects[project])
    return made


def cloud(name, auth_type='password', auth_methods=None, **auth):
    """A cloud of clouds.yaml: what is None is left out."""
    auth = {key: value for key, value in auth.items() if value is not None}
    entry = {'auth': {'auth_url': env['IDENTITY'], **auth}, 'region_name': region}
    if auth_type != 'password':
        entry['auth_type'] = auth_type
    if auth_methods is not None:
        entry['auth_methods'] = auth_methods
    clouds[name] = entry


def by_password(name, project=None, **auth):
    place = {} if project is None else {'project_name': project, 'project_domain_name': 'Default'}
    return {'username': name, 'password': env['PASSWORD'], 'user_domain_name': 'Default', **place, **auth}


def people():
    cloud('admin', **by_password('admin', 'admin'))
    for name in ('demo', 'other'):
        user(name, name, 'member', 'reader', password=env['PASSWORD'], default_project=projects[name])
        cloud(name, **by_password(name, name))
    user('glance', 'service', 'admin', password=env['PASSWORD'])


def scopes():
    keystone.roles.grant(roles['admin'], user=admin_id, domain=domain)
    cloud('domain', **by_password('admin', domain_name='Default'))
    # bootstrap has given the administrator the system
    cloud('system', **by_password('admin', system_scope='all'))
    roamer = user('roamer', 'demo', 'member', 'reader', password=env['PASSWORD'])
    keystone.roles.grant(roles['reader'], user=roamer, project=projects['other'])
    cloud('roamer', **by_password('roamer', 'demo'))
    cloud('unscoped', **by_password('roamer'))


def delegations():
    demo, demo_id = client('demo', 'demo')
    _, other_id = client('other', 'other')
    made = demo.application_credentials.create('robot', roles=[{'name': 'member'}, {'name': 'reader'}])
    secret = {'application_credential_secret': made.secret}
    kind = 'v3applicationcredential'
    cloud('application-credential', kind, application_credential_id=made.id, **secret)
    cloud('application-credential-name', kind, application_credential_name='robot', username='demo',
          user_domain_name='Default', **secret)
    cloud('oauth2', 'v3oauth2clientcredential', oauth2_endpoint=env['IDENTITY'] + '/OS-OAUTH2/token',
          oauth2_client_id=made.id, oauth2_client_secret=made.secret)
    trust = demo.trusts.create(other_id, demo_id, ['member', 'reader'], project=projects['demo'],
                               impersonation=True)
    cloud('trust', **by_password('other', trust_id=trust.id))


def passcodes():
    """People who have a device that shows passcodes; gives what the devices know, in base 32."""
    strict = {'multi_factor_auth_enabled': True, 'multi_factor_auth_rules': [['password', 'totp']]}
    totp = user('totp', 'demo', 'member', 'reader')
    mfa = user('mfa', 'demo', 'member', 'reader', password=env['PASSWORD'], options=strict)
    devices = {}
    for who in (totp, mfa):
        devices[who.name] = base64.b32encode(os.urandom(20)).decode()
        keystone.credentials.create(who, 'totp', devices[who.name])
    cloud('totp', 'v3totp', **by_password('totp', 'demo', password=None))
    cloud('mfa', 'v3multifactor', ['v3password', 'v3totp'], **by_password('mfa', 'demo'))
    cloud('mfa-by-receipt', **by_password('mfa', 'demo'))
    return devices


def federation():
    """Whoever the OpenID provider knows is a member of project sso; gives what the provider has to be."""
    group = keystone.groups.create('sso', domain)
    project = keystone.projects.create('sso', domain)
    for role in ('member', 'reader'):
        keystone.roles.grant(roles[role], group=group, project=project)
    keystone.federation.identity_providers.create('sso', remote_ids=[env['PROVIDER']], enabled=True)
    keystone.federation.mappings.create('sso', rules=[{
        'remote': [{'type': 'HTTP_OIDC_SUB'}],
        'local': [{'user': {'name': '{0}'}, 'group': {'id': group.id}}],
    }])
    keystone.federation.protocols.create('openid', 'sso', 'sso')
    return {
        'issuer': env['PROVIDER'],
        'relying_id': 'keystone',
        'relying_secret': env['RELYING_SECRET'],
        'relying_redirect': env['IDENTITY'] + '/auth/OS-FEDERATION/redirect',
    }


def image_service():
    service = keystone.services.create('glance', 'image')
    for interface in ('internal', 'admin', 'public'):
        endpoint = keystone.endpoints.create(service, env['IMAGE'], interface, region)
    for resource, limit in (('image_size_total', 10240), ('image_stage_total', 1024),
                            ('image_count_total', 1000), ('image_count_uploading', 100)):
        keystone.registered_limits.create(service, resource, limit, region=region)
    return endpoint.id


people()
scopes()
delegations()
login = {'devices': passcodes(), 'provider': federation(), 'callback_port': int(env['CALLBACK'])}
with open(f'{folder}/clouds.yaml', 'w') as file:
    yaml.safe_dump({'clouds': clouds}, file, sort_keys=False)
with open(f'{folder}/login.json', 'w') as file:
    json.dump(login, file, indent=2)
print(image_service())
