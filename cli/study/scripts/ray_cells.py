"""Runs cells of a study on a Ray cluster: each group as the headless command on a worker that has the package.

`python ray_cells.py [JOB]` reads a job as JSON from a file, or from standard input, and writes a line of JSON for each group that has ended. Ray is started on
this machine unless RAY_ADDRESS names a cluster.
"""

import json
import os
import subprocess
import sys
import tempfile

import ray


@ray.remote(max_retries=1)
def run(command, cells, environment):
    """The rows that the command leaves, its exit status, and the end of what it said."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "study")
        done = subprocess.run(
            [*command, "--out", out, "--cells", ",".join(cells)],
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
        )
        place = os.path.join(out, "runs.jsonl")
        rows = ""
        if os.path.exists(place):
            with open(place, encoding="utf-8") as file:
                rows = file.read()
        return {"cells": cells, "rows": rows, "status": done.returncode, "said": done.stderr[-2000:]}


def main():
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            job = json.load(file)
    else:
        job = json.load(sys.stdin)
    local = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": job["workers"], "include_dashboard": False}
    ray.init(log_to_driver=False, logging_level="error", **local)
    try:
        waiting = [
            run.options(num_cpus=job["threads"]).remote(job["command"], cells, {"DELTA_THREADS": str(job["threads"])})
            for cells in job["groups"]
        ]
        while waiting:
            [ready], waiting = ray.wait(waiting)
            try:
                answer = ray.get(ready)
            except ray.exceptions.RayError as error:
                answer = {"cells": [], "rows": "", "status": 1, "said": str(error)[-2000:]}
            print(json.dumps(answer), flush=True)
    finally:
        ray.shutdown()


main()
