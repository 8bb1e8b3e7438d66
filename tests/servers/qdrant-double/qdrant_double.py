"""Qdrant's REST interface over the local mode of qdrant-client: an oracle for what requests mean.

Bodies are parsed by qdrant-client's own models, which refuse fields that Qdrant does not know. README.md lists what
local mode cannot do.
"""

import argparse
import datetime
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import TypeAdapter, ValidationError
from qdrant_client.http import models
from qdrant_client.local.qdrant_local import QdrantLocal

# Local mode keeps no settings. What was asked is kept here and told by GET, as a server does.
SETTINGS = ("hnsw_config", "quantization_config", "optimizers_config", "strict_mode_config")
PARAMS = ("shard_number", "replication_factor", "write_consistency_factor", "on_disk_payload")


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Double:
    def __init__(self, version, journal=None):
        self.local = QdrantLocal(":memory:", force_disable_check_same_thread=True)
        self.version = version
        self.asked = {}
        self.indexes = {}
        self.aliases = {}
        self.snapshots = {}
        self.operations = 0
        # One request at a time: local mode is not made for threads.
        self.lock = threading.Lock()
        self.journal = None
        if journal:
            self.replay(journal)
            self.journal = open(journal, "ab")

    def replay(self, journal):
        """Applies the writes of a process that was killed. Its last line may be cut."""
        try:
            lines = open(journal, "rb").read().split(b"\n")[:-1]
        except FileNotFoundError:
            lines = []
        for line in lines:
            method, path, body = json.loads(line)
            try:
                self.route(method, path, body)
            except (Refused, ValueError):
                pass  # refused then too
        with open(journal, "wb") as kept:
            kept.writelines(line + b"\n" for line in lines)

    def keep(self, method, path, body):
        """Notes a write before it is applied and answered, as a server's write-ahead log does."""
        reads = ("/points", "/scroll", "/count", "/query", "/query/batch")
        if self.journal and method != "GET" and not (method == "POST" and path.endswith(reads)):
            self.journal.write(json.dumps([method, path, body]).encode() + b"\n")
            self.journal.flush()

    def completed(self):
        self.operations += 1
        return {"operation_id": self.operations, "status": "completed"}

    def need(self, name):
        if name not in self.local.collections:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")

    def change_aliases(self, body):
        # One after another, each kept: like a server, a switch that fails half way loses the alias.
        for action in parse(models.ChangeAliasesOperation, body).actions:
            if isinstance(action, models.CreateAliasOperation):
                made = action.create_alias
                self.need(made.collection_name)
                if made.alias_name in self.local.collections:
                    raise Refused(409, f"Wrong input: Collection `{made.alias_name}` already exists!")
                self.aliases[made.alias_name] = made.collection_name
            elif isinstance(action, models.DeleteAliasOperation):
                self.aliases.pop(action.delete_alias.alias_name, None)
            else:
                raise Refused(400, "the double does not rename aliases")
        return True

    def list_aliases(self):
        return {"aliases": [{"alias_name": k, "collection_name": v} for k, v in self.aliases.items()]}

    def create(self, name, body):
        asked = parse(models.CreateCollection, body)
        if name in self.aliases:
            raise Refused(409, f"Wrong input: Alias with the same name already exists: {name}")
        if name in self.local.collections:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        self.local.create_collection(
            name, vectors_config=asked.vectors or {}, sparse_vectors_config=asked.sparse_vectors, metadata=asked.metadata
        )
        self.asked[name] = body
        self.indexes[name] = {}
        return True

    def update(self, name, body):
        self.need(name)
        asked = parse(models.UpdateCollection, body)
        self.local.update_collection(name, metadata=asked.metadata)
        if body.get("quantization_config") is not None:
            given = body["quantization_config"]
            self.asked[name] = {**self.asked[name], "quantization_config": None if given == "Disabled" else given}
        self.asked[name] = {**self.asked[name], **(body.get("params") or {})}
        for vector, given in (body.get("vectors") or {}).items():
            # Like a server: the size of a vector stays, whatever is asked.
            known = self.asked[name]["vectors"]
            changed = {**known[vector], **{key: given[key] for key in ("on_disk",) if key in given}}
            self.asked[name] = {**self.asked[name], "vectors": {**known, vector: changed}}
        for key in SETTINGS:
            if key != "quantization_config" and body.get(key) is not None:
                merged = {**(self.asked[name].get(key) or {}), **body[key]}
                self.asked[name] = {**self.asked[name], key: merged}
        return True

    def info(self, name):
        self.need(name)
        info = dump(self.local.get_collection(name))
        asked = self.asked[name]
        config = info["config"]
        config["hnsw_config"].update(asked.get("hnsw_config") or {})
        config["optimizer_config"].update(asked.get("optimizers_config") or {})
        config["quantization_config"] = asked.get("quantization_config")
        config["strict_mode_config"] = asked.get("strict_mode_config")
        config["params"].update({key: asked[key] for key in PARAMS if key in asked})
        vectors = asked.get("vectors") or {}
        for vector, params in () if "size" in vectors else vectors.items():
            config["params"]["vectors"][vector].update(params)
        info["payload_schema"] = self.indexes[name]
        return info

    def delete(self, name):
        if name not in self.local.collections:
            return False
        del self.asked[name], self.indexes[name]
        self.snapshots.pop(name, None)
        self.aliases = {alias: target for alias, target in self.aliases.items() if target != name}
        return self.local.delete_collection(name)

    def index(self, name, body):
        self.need(name)
        parse(models.CreateFieldIndex, body)
        schema = body["field_schema"]
        params = schema if isinstance(schema, dict) else {"type": schema}
        self.indexes[name][body["field_name"]] = {"data_type": params["type"], "params": params, "points": 0}
        return self.completed()

    def batch(self, name, body):
        self.need(name)
        operations = parse(models.UpdateOperations, body).operations
        outcomes = []
        for operation in operations:
            # One after another: the operations before one that is refused stay, as on a server.
            try:
                self.local.batch_update_points(name, [operation])
            except KeyError as error:
                raise Refused(404, f"Not found: No point with id {error.args[0]} found") from error
            outcomes.append(self.completed())
        return outcomes

    def retrieve(self, name, body):
        self.need(name)
        asked = parse(models.PointRequest, body)
        payload = True if asked.with_payload is None else asked.with_payload
        records = self.local.retrieve(name, asked.ids, with_payload=payload, with_vectors=asked.with_vector or False)
        return [dump_point(record) for record in records]

    def scroll(self, name, body):
        self.need(name)
        asked = parse(models.ScrollRequest, body)
        if isinstance(asked.order_by, models.OrderBy):
            self.need_index(name, asked.order_by.key, ("integer", "float", "datetime"), "range")
        points, next_offset = self.local.scroll(
            name,
            scroll_filter=asked.filter,
            order_by=asked.order_by,
            limit=asked.limit or 10,
            offset=asked.offset,
            with_payload=True if asked.with_payload is None else asked.with_payload,
            with_vectors=asked.with_vector or False,
        )
        return {"points": [dump_point(point) for point in points], "next_page_offset": next_offset}

    def need_index(self, name, key, types, purpose):
        if self.indexes[name].get(key, {}).get("data_type") not in types:
            raise Refused(400, f"Wrong input: no index of `{key}` for {purpose}. Please create one")

    def facet(self, name, body):
        self.need(name)
        asked = parse(models.FacetRequest, body)
        self.need_index(name, asked.key, ("keyword", "integer", "bool", "uuid"), "faceting")
        answer = self.local.facet(name, asked.key, facet_filter=asked.filter, limit=asked.limit or 10, exact=asked.exact)
        return dump(answer)

    def upsert(self, name, body):
        self.need(name)
        asked = parse(models.PointsList, body)
        self.local.upsert(name, asked.points)
        return self.completed()

    def query(self, name, body):
        self.need(name)
        return dump(self.local.query_batch_points(name, [parse(models.QueryRequest, body)])[0])

    def count(self, name, body):
        self.need(name)
        asked = parse(models.CountRequest, body)
        return {"count": int(self.local.count(name, count_filter=asked.filter).count)}

    def query_batch(self, name, body):
        self.need(name)
        searches = parse(models.QueryRequestBatch, body).searches
        answers = self.local.query_batch_points(name, searches)
        return [{"points": [dump_point(point) for point in answer.points]} for answer in answers]

    def cluster(self, name):
        self.need(name)
        points = self.local.count(name).count
        shard = {"shard_id": 0, "points_count": int(points), "state": "Active"}
        return {"peer_id": 1, "shard_count": 1, "local_shards": [shard], "remote_shards": [], "shard_transfers": []}

    def snapshot(self, name):
        """A copy of points and settings as JSON: the format of a snapshot is the server's own."""
        self.need(name)
        points = []
        offset = None
        while True:
            page, offset = self.local.scroll(name, limit=1000, offset=offset, with_payload=True, with_vectors=True)
            points += [dump(point) for point in page]
            if offset is None:
                break
        metadata = dump(self.local.get_collection(name))["config"]["metadata"]
        content = {"double": 1, "asked": self.asked[name], "metadata": metadata, "indexes": self.indexes[name], "points": points}
        data = json.dumps(content).encode()
        now = datetime.datetime.now(datetime.timezone.utc)
        made = {
            "name": f"{name}-1-{now:%Y-%m-%d-%H-%M-%S}-{len(self.snapshots.get(name, {}))}.snapshot",
            "creation_time": f"{now:%Y-%m-%dT%H:%M:%S}",
            "size": len(data),
            "checksum": hashlib.sha256(data).hexdigest(),
        }
        self.snapshots.setdefault(name, {})[made["name"]] = (made, data)
        return made

    def stored_snapshot(self, name, snapshot):
        self.need(name)
        found = self.snapshots.get(name, {}).get(snapshot)
        if found is None:
            raise Refused(404, f"Not found: Snapshot {snapshot} not found")
        return found

    def list_snapshots(self, name):
        self.need(name)
        return [made for made, _ in self.snapshots.get(name, {}).values()]

    def delete_snapshot(self, name, snapshot):
        self.stored_snapshot(name, snapshot)
        del self.snapshots[name][snapshot]
        return True

    def upload(self, name, data, checksum):
        actual = hashlib.sha256(data).hexdigest()
        if checksum and checksum != actual:
            raise Refused(400, f"Checksum mismatch: expected {actual}, actual {checksum}")
        try:
            content = json.loads(data)
            points, asked = content["points"], content["asked"]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(500, "Service internal error: File IO error: failed to unpack") from error
        if name in self.local.collections:
            self.local.delete_collection(name)  # the metadata of an existing collection would stay
        self.create(name, {**asked, "metadata": content["metadata"]})
        self.indexes[name] = content["indexes"]
        if points:
            self.local.upsert(name, [models.PointStruct(id=p["id"], vector=p["vector"] or {}, payload=p["payload"]) for p in points])
        return True

    def route(self, method, path, body):
        if (method, path) == ("GET", "/"):
            return None, {"title": "qdrant - vector search engine", "version": self.version}
        if (method, path) == ("GET", "/cluster"):
            return {"status": "disabled"}, None
        if (method, path) == ("GET", "/collections"):
            return {"collections": [{"name": name} for name in self.local.collections]}, None
        if (method, path) == ("GET", "/aliases"):
            return self.list_aliases(), None
        if (method, path) == ("POST", "/collections/aliases"):
            return self.change_aliases(body), None
        found = re.fullmatch(r"/collections/([^/]+)(/.*)?", path)
        if not found:
            raise Refused(404, "")
        name, rest = unquote(found[1]), found[2] or ""
        if (method, rest) not in (("PUT", ""), ("DELETE", "")):
            name = self.aliases.get(name, name)
        stored = re.fullmatch(r"/snapshots/([^/]+)", rest)
        if stored and method == "DELETE":
            return self.delete_snapshot(name, unquote(stored[1])), None
        routes = {
            ("PUT", ""): lambda: self.create(name, body),
            ("PATCH", ""): lambda: self.update(name, body),
            ("GET", ""): lambda: self.info(name),
            ("DELETE", ""): lambda: self.delete(name),
            ("PUT", "/index"): lambda: self.index(name, body),
            ("POST", "/points/batch"): lambda: self.batch(name, body),
            ("GET", "/cluster"): lambda: self.cluster(name),
            ("GET", "/snapshots"): lambda: self.list_snapshots(name),
            ("POST", "/snapshots"): lambda: self.snapshot(name),
            ("GET", "/exists"): lambda: {"exists": name in self.local.collections},
            ("PUT", "/points"): lambda: self.upsert(name, body),
            ("POST", "/points/query"): lambda: self.query(name, body),
            ("POST", "/points"): lambda: self.retrieve(name, body),
            ("POST", "/points/scroll"): lambda: self.scroll(name, body),
            ("POST", "/facet"): lambda: self.facet(name, body),
            ("POST", "/points/count"): lambda: self.count(name, body),
            ("POST", "/points/query/batch"): lambda: self.query_batch(name, body),
        }
        route = routes.get((method, rest))
        if route is None:
            raise Refused(404, "")
        return route(), None


def parse(model, body):
    try:
        return TypeAdapter(model).validate_python(body)
    except ValidationError as error:
        raise Refused(400, f"Format error in JSON body: {error}") from error


def form_file(raw, content_type):
    """The file of a form with the single field "snapshot"."""
    found = re.fullmatch(r"multipart/form-data; *boundary=(\S+)", content_type)
    if not found:
        raise Refused(400, f"Content type error: {content_type}")
    mark = b"--" + found[1].encode()
    if not raw.startswith(mark + b"\r\n") or not raw.endswith(b"\r\n" + mark + b"--\r\n"):
        raise Refused(400, "Multipart stream is incomplete")
    head, data = raw[len(mark) + 2 : -len(mark) - 6].split(b"\r\n\r\n", 1)
    if b'name="snapshot"' not in head:
        raise Refused(400, "missing field snapshot")
    return data


def dump_point(value):
    """Like a server, without the fields that hold nothing."""
    return {key: field for key, field in dump(value).items() if field is not None or key == "score"}


def dump(value):
    return value.model_dump(mode="json", exclude_none=False)


def handler(double, api_key):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet

        def handle_one(self):
            length = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(length)
            parts = urlsplit(self.path)
            if api_key and parts.path != "/" and self.headers.get("api-key") != api_key:
                said = "Invalid API key or JWT" if self.headers.get("api-key") else "Must provide an API key or an Authorization bearer token"
                return self.answer(401, said.encode(), "text/plain")
            try:
                download = re.fullmatch(r"/collections/([^/]+)/snapshots/([^/]+)", parts.path)
                if self.command == "GET" and download:
                    with double.lock:
                        _, data = double.stored_snapshot(unquote(download[1]), unquote(download[2]))
                    return self.answer(200, data, "application/octet-stream")
                upload = re.fullmatch(r"/collections/([^/]+)/snapshots/upload", parts.path)
                if self.command == "POST" and upload:
                    checksum = parse_qs(parts.query).get("checksum", [None])[0]
                    data = form_file(raw, self.headers.get("content-type") or "")
                    with double.lock:
                        result = double.upload(unquote(upload[1]), data, checksum)
                    return self.answer(200, json.dumps({"result": result, "status": "ok", "time": 0}).encode())
                body = json.loads(raw) if raw else None
                if self.command in ("PUT", "POST", "DELETE") and "/points/batch" in parts.path:
                    if parse_qs(parts.query).get("wait") != ["true"]:
                        raise Refused(400, "the double applies writes at once: send wait=true")
                with double.lock:
                    double.keep(self.command, parts.path, body)
                    result, whole = double.route(self.command, parts.path, body)
                answer = whole or {"result": result, "status": "ok", "time": 0}
                return self.answer(200, json.dumps(answer).encode())
            except Refused as error:
                text = json.dumps({"status": {"error": str(error)}, "time": 0}) if str(error) else ""
                return self.answer(error.status, text.encode())
            except json.JSONDecodeError as error:
                return self.answer(400, json.dumps({"status": {"error": f"Format error in JSON body: {error}"}}).encode())
            except ValueError as error:
                return self.answer(400, json.dumps({"status": {"error": f"Wrong input: {error}"}}).encode())

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_one

        def answer(self, status, body, content_type="application/json"):
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--api-key", default="")
    options.add_argument("--journal", default="", help="a file that keeps the writes, so that they survive a kill")
    options.add_argument("--version", default="1.19.0", help="the version that the double says it is")
    given = options.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler(Double(given.version, given.journal), given.api_key))
    server.daemon_threads = True
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
