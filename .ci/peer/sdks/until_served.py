"""Asks an agent until it gives credentials: what follows shall not measure a JVM that starts.

    until_served.py URL TOKEN-FILE
"""

import sys
import time
import urllib.error
import urllib.request

url, token_file = sys.argv[1:]
with open(token_file, encoding="ascii") as file:
    request = urllib.request.Request(url, headers={"Authorization": file.read()})
# Long, since it is not what is measured: other programs may use the processors.
deadline = time.monotonic() + 180
while True:
    try:
        # No proxy is between a pod and its agent.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=5):
            break
    except (urllib.error.URLError, OSError) as e:
        if time.monotonic() > deadline:
            sys.exit(f"the agent gives no credentials within three minutes: {e}")
        time.sleep(0.1)
