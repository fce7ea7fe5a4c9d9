"""HTTP/1.1 on asyncio for the server and the recorder: reading requests, sending answers."""
