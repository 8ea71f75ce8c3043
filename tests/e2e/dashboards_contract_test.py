"""Answers of every operation that three or more known clients use, held against api_contract.json."""

import json
import pathlib
import re
import shutil
import tempfile
import unittest

import demo

CONTRACT = json.loads((pathlib.Path(__file__).parent / "api_contract.json").read_text())
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
PLAIN = {"string": str, "object": dict, "boolean": bool, "any": object}


def faults(value, kind, where="$"):
    """What is wrong with `value`, as a list of lines."""
    if isinstance(kind, list):
        if not isinstance(value, list):
            return [f"{where}: no list: {value!r:.60}"]
        return [fault for index, item in enumerate(value) for fault in faults(item, kind[0], f"{where}[{index}]")]
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            return [f"{where}: no object: {value!r:.60}"]
        return [fault for key, item in value.items() for fault in faults(item, kind["*"], f"{where}.{key}")]
    if kind in CONTRACT["types"]:
        if not isinstance(value, dict):
            return [f"{where}: no {kind}: {value!r:.60}"]
        found = []
        for name, inner in CONTRACT["types"][kind].items():
            key = name.removesuffix("?")
            if key in value:
                found += faults(value[key], inner, f"{where}.{key}")
            elif not name.endswith("?"):
                found.append(f"{where}.{key}: missing")
        return found
    if kind in ("integer", "number"):
        fits = isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    elif kind == "time":
        fits = isinstance(value, str) and TIME.fullmatch(value) is not None
    else:
        fits = isinstance(value, PLAIN[kind])
    return [] if fits else [f"{where}: no {kind}: {value!r:.60}"]


class Contract(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-contract-"))
        port = demo.free_port()
        cls.process = demo.Process(
            "dashboards", [demo.BINARY, "dashboards", f"--web.listen-address=127.0.0.1:{port}"], cls.folder,
            {"GF_SECURITY_ADMIN_PASSWORD": demo.PASSWORD, "GF_PATHS_DATA": str(cls.folder / "data"),
             "GF_PATHS_PROVISIONING": str(cls.folder / "none")})
        cls.client = demo.Client(f"http://127.0.0.1:{port}", (demo.USER, demo.PASSWORD))
        demo.await_true("service ready", lambda: cls.client.request("/api/health")[0] == 200)

    @classmethod
    def tearDownClass(cls):
        status = cls.process.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)
        assert status == 0, status

    def test_the_description_itself_is_whole(self):
        for fields in CONTRACT["types"].values():
            for kind in fields.values():
                while isinstance(kind, (list, dict)):
                    kind = kind[0] if isinstance(kind, list) else kind["*"]
                self.assertIn(kind, {*CONTRACT["types"], *PLAIN, "integer", "number", "time"})
        self.assertEqual(faults({"id": True, "name": 1}, "Org"), ["$.id: no integer: True", "$.name: no string: 1"])
        self.assertEqual(faults([{"id": 1}], ["Org"]), ["$[0].name: missing"])
        self.assertEqual(faults("2026-01-31 10:00", "time"), ["$: no time: '2026-01-31 10:00'"])

    def test_every_operation_answers_as_described(self):
        wrong, done = [], set()

        def call(operation, body=None, query="", **values):
            status, kind = CONTRACT["operations"][operation]
            method, path = operation.split(" ")
            path = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), path) + query
            got, headers, text = self.client.request(path, body, method)
            done.add(operation)
            try:
                answer = json.loads(text)
            except ValueError:
                answer = None
            if got != status:
                wrong.append(f"{operation}: {got}, not {status}: {text[:200]!r}")
            elif not headers["Content-Type"].startswith("application/json"):
                wrong.append(f"{operation}: {headers['Content-Type']}")
            else:
                wrong.extend(f"{operation}: {fault}" for fault in faults(answer, kind))
            if isinstance(kind, list) and isinstance(kind[0], str) and kind[0] != "object" and not answer:
                wrong.append(f"{operation}: an empty list shows nothing")
            return answer

        self.walk(call)
        missing = set(CONTRACT["operations"]) - done
        self.assertEqual((wrong, sorted(missing)), ([], []))

    def walk(self, call):
        call("GET /api/health")
        call("GET /api/access-control/roles")
        self.walk_people(call)
        self.walk_documents(call)
        provisioning = "/api/v1/provisioning/"
        for operation in CONTRACT["operations"]:
            method, path = operation.split(" ")
            if path.startswith(provisioning):
                call(operation, {} if method in ("POST", "PUT") else None, UID="u", FolderUID="f", Group="g", name="n")

    def walk_people(self, call):
        user = call("POST /api/admin/users", {"login": "ann", "email": "ann@example.com", "name": "Ann",
                                              "password": "password"})["id"]
        call("GET /api/users")
        call("GET /api/users/{user_id}", user_id=user)
        call("GET /api/org/users")
        org = call("POST /api/orgs", {"name": "Second"})["orgId"]
        call("GET /api/orgs")
        call("POST /api/orgs/{org_id}/users", {"loginOrEmail": "ann", "role": "Editor"}, org_id=org)
        call("GET /api/orgs/{org_id}/users", org_id=org)
        call("PUT /api/org/preferences", {"theme": "light"})
        team = call("POST /api/teams", {"name": "team", "email": "t@example.com"})["teamId"]
        call("POST /api/teams/{team_id}/members", {"userId": user}, team_id=team)
        call("GET /api/teams/{team_id}/members", team_id=team)
        call("PUT /api/teams/{team_id}/members/{user_id}", {"permission": 4}, team_id=team, user_id=user)
        call("GET /api/teams/search", query="?query=te")
        call("DELETE /api/teams/{team_id}", team_id=team)
        account = call("POST /api/serviceaccounts", {"name": "robot", "role": "Viewer"})["id"]
        call("PATCH /api/serviceaccounts/{serviceAccountId}", {"name": "robot 2"}, serviceAccountId=account)
        call("GET /api/serviceaccounts/search", query="?query=robot")
        token = call("POST /api/serviceaccounts/{serviceAccountId}/tokens", {"name": "t", "secondsToLive": 600},
                     serviceAccountId=account)["id"]
        call("GET /api/serviceaccounts/{serviceAccountId}/tokens", serviceAccountId=account)
        call("DELETE /api/serviceaccounts/{serviceAccountId}/tokens/{tokenId}", serviceAccountId=account, tokenId=token)
        call("DELETE /api/serviceaccounts/{serviceAccountId}", serviceAccountId=account)
        call("DELETE /api/admin/users/{user_id}", user_id=user)

    def walk_documents(self, call):
        for uid in ("f", "g"):
            folder = call("POST /api/folders", {"uid": uid, "title": uid.upper()})
        call("PUT /api/folders/{folder_uid}", {"title": "G 2", "version": folder["version"]}, folder_uid="g")
        call("POST /api/folders/{folder_uid}/move", {"parentUid": "f"}, folder_uid="g")
        call("GET /api/folders/{folder_uid}", folder_uid="g")
        call("GET /api/folders")
        call("POST /api/folders/{folder_uid}/permissions", {"items": [{"role": "Viewer", "permission": 1}]},
             folder_uid="f")
        call("GET /api/access-control/{resource}/{resourceID}", resource="folders", resourceID="f")
        call("POST /api/library-elements", {"uid": "l", "name": "L", "kind": 1, "folderUid": "f",
                                            "model": {"type": "text", "description": "d"}})
        call("GET /api/library-elements")
        call("PATCH /api/library-elements/{library_element_uid}",
             {"name": "L2", "kind": 1, "model": {"type": "text"}, "version": 1}, library_element_uid="l")
        call("GET /api/library-elements/{library_element_uid}", library_element_uid="l")
        call("POST /api/dashboards/db", {"folderUid": "f", "dashboard": {"uid": "d", "title": "D", "panels": [
            {"id": 1, "type": "text", "libraryPanel": {"uid": "l", "name": "L2"}}]}})
        call("GET /api/library-elements/{library_element_uid}/connections/", library_element_uid="l")
        call("GET /api/dashboards/uid/{uid}", uid="d")
        call("GET /api/search")
        call("POST /api/annotations", {"dashboardUID": "d", "panelId": 1, "time": 1700000000000, "text": "t",
                                       "tags": ["a"]})
        call("GET /api/annotations", query="?dashboardUID=d&from=1&to=1800000000000")
        call("DELETE /api/dashboards/uid/{uid}", uid="d")
        call("DELETE /api/library-elements/{library_element_uid}", library_element_uid="l")
        for uid in ("g", "f"):
            call("DELETE /api/folders/{folder_uid}", folder_uid=uid)
        made = call("POST /api/datasources", {"name": "P", "uid": "p", "type": "prometheus", "access": "proxy",
                                              "url": "http://127.0.0.1:1", "secureJsonData": {"password": "x"}})
        call("GET /api/datasources")
        call("GET /api/datasources/name/{name}", name="P")
        call("GET /api/datasources/uid/{uid}", uid="p")
        call("PUT /api/datasources/uid/{uid}", {**made["datasource"], "name": "P2"}, uid="p")
        call("DELETE /api/datasources/uid/{uid}", uid="p")


if __name__ == "__main__":
    unittest.main()
