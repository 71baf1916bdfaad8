"""What openstacksdk makes of files and variables: a list of {cwd, env} comes in as JSON, what it resolves goes out.

Each is answered by a process of its own, since openstacksdk looks at both when it is imported.
"""
import json
import logging
import os
import sys
import warnings

import keystoneauth1.loading  # noqa: F401  what takes long, once
import requests  # noqa: F401
import yaml  # noqa: F401


# What goes by another name once it has been read.
NAMES = {'scope': 'openid_scope', 'tenant_name': 'project_name', 'tenant_id': 'project_id'}


def resolved():
    from openstack.config import OpenStackConfig

    region = OpenStackConfig().get_one()
    verify, cert = region.get_requests_verify_args()
    interface = region.get_interface('image')
    auth = {NAMES.get(key, key): value for key, value in region.config['auth'].items()}
    endpoint = auth.pop('endpoint', None)
    found = {'auth.' + key: text(value) for key, value in auth.items()}
    found.update({
        'cloud': region.name,
        'auth_type': region.config['auth_type'],
        'region_name': region.get_region_name('image'),
        'interface': ','.join(interface) if isinstance(interface, list) else interface,
        'image_url': region.get_endpoint('image') or endpoint,
        'service_type': region.get_service_type('image'),
        'service_name': region.get_service_name('image'),
        'image_api_version': region.get_api_version('image'),
        'identity_api_version': region.config.get('identity_api_version'),
        'timeout': region.config.get('api_timeout'),
        'insecure': 'true' if verify is False else None,
        'cacert': verify if isinstance(verify, str) else None,
        'cert': cert[0] if isinstance(cert, tuple) else cert,
        'key': cert[1] if isinstance(cert, tuple) else None,
    })
    return {key: text(value) for key, value in found.items() if value not in (None, '')}


def text(value):
    return ','.join(value) if isinstance(value, list) else str(value)


def answer(case):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.chdir(case['cwd'])
        os.environ.clear()
        os.environ.update(case['env'])
        try:
            found = resolved()
        except BaseException as error:
            found = {'refused': f'{type(error).__name__}: {error}'}
        with os.fdopen(writer, 'w') as out:
            json.dump(found, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as end:
        found = json.load(end)
    os.wait()
    return found


warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)
json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
