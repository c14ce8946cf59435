"""What eGov Mobile does with one code of a small installation, step by step, and what it hears when it goes wrong."""

from dauys.demo.people import citizen
from dauys.demo.phone.holder import Holder
from dauys.errors import error_classes

BASE = "http://testserver"


class Phone:
    """The app, and one code it has read; `client` speaks to another application of the same installation."""

    def __init__(self, world, token, language="en", client=None):
        self.world, self.token, self.client = world, token, client or world.client
        self.path, self.headers = f"/intake/mgovSign/{token}", {"accept-language": language}

    def holder(self, number, pki=None):
        return Holder(pki or self.world.pki, citizen(number))

    def invitation(self):
        return self.client.get(self.path, headers=self.headers)

    def enter(self):
        """API 1; from here on with what it gave."""
        address = self.invitation().json()["document"]
        self.url = address["uri"]
        self.uri = self.url.removeprefix(BASE)
        if address["auth_type"] == "Token":
            self.headers["authorization"] = f"Bearer {address['auth_token']}"
        return self

    def package(self):
        return self.client.get(self.uri, headers=self.headers)

    def log_in(self, number, url=None):
        return self.hand_login(self.holder(number).login(url or self.url))

    def hand_login(self, xml):
        return self.client.post(self.uri, json={"xml": xml}, headers=self.headers)

    def signed(self, number, package, *, pki=None):
        """The same package with the citizen's signatures."""
        return self.holder(number, pki).signed(package)

    def put(self, body):
        return self.client.put(self.uri, json=body, headers=self.headers)


def with_data(package, data):
    document = package["documentsToSign"][0]
    return change(package, document={"file": document["document"]["file"] | {"data": data}})


def change(package, place=0, **fields):
    """The package with other fields in one document; a field of None is taken out."""
    documents = list(package["documentsToSign"])
    changed = documents[place] | fields
    documents[place] = {name: value for name, value in changed.items() if value is not None}
    return package | {"documentsToSign": documents}


def intake_of(world):
    return world.client._client._transport.app.state.intake


def refused(reply, code, status, world, size):
    """The protocol's form of that error, in words, and nothing changed."""
    begin = error_classes()[code].sentence.partition("{")[0]
    assert reply.status_code == status
    assert set(reply.json()) == {"message"}
    assert reply.json()["message"].startswith(begin)
    assert reply.headers["cache-control"] == "no-store"
    assert world.size() == size
    return True
