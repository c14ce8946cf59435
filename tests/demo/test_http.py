"""The load client: kept-alive, chunked or not, and honest about a broken connection."""

import asyncio

import pytest

from dauys.demo.http import Connection, ConnectionBrokenError
from dauys.errors import BadInput
from fake_door import FakeDoor


@pytest.mark.parametrize("chunked", [False, True])
def test_one_connection_serves_many_requests(chunked):
    async def talk():
        door = FakeDoor(chunked=chunked)
        async with door.running() as url, Connection(url) as connection:
            for number in range(1, 6):
                reply = await connection.post("/intake/requests", {"region": "Жетісу"})
                assert reply.status == 201
                assert reply.json()["token"] == f"token-{number}"
            missing = await connection.get("/nothing")
            assert (missing.status, missing.json()) == (404, {})
        assert door.connections == 1
        assert door.requests[0] == {"region": "Жетісу"}

    asyncio.run(talk())


def test_a_dropped_connection_is_told_and_the_next_request_opens_another():
    async def talk():
        door = FakeDoor(dropped=1)
        async with door.running() as url, Connection(url) as connection:
            with pytest.raises(ConnectionBrokenError):
                await connection.post("/intake/acts", {"token": "t", "signature": "s"})
            assert (await connection.post("/intake/acts", {"token": "t", "signature": "s"})).status == 201
        assert door.connections == 2
        assert len(door.receipts) == 1

    asyncio.run(talk())


def test_nobody_at_home_is_a_broken_connection():
    async def talk():
        async with FakeDoor().running() as url:
            pass
        async with Connection(url) as connection:
            with pytest.raises(ConnectionBrokenError):
                await connection.get("/")

    asyncio.run(talk())


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", b"HTTP/1.1 two OK\r\n\r\n", b"nonsense\r\n\r\n",
                                    b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
                                    b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort",
                                    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"])  # fmt: skip
def test_an_answer_that_is_none_is_a_broken_connection(answer):
    async def talk():
        async def serve(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, Connection(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as connection:
            with pytest.raises(ConnectionBrokenError):
                await connection.get("/")

    asyncio.run(talk())


@pytest.mark.parametrize("address", ["https://127.0.0.1", "127.0.0.1:8000", "http://", ""])
def test_only_plain_http_addresses_are_taken(address):
    with pytest.raises(BadInput):
        Connection(address)
