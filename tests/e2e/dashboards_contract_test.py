"""Answers of every operation that known clients use, held against api_contract.json."""

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
        call("GET /api/admin/settings")
        call("GET /api/admin/stats")
        self.walk_what_is_not_there(call)
        self.walk_people(call)
        self.walk_own_account(call)
        self.walk_documents(call)
        self.walk_what_hangs_on_dashboards(call)
        self.walk_sources(call)

    def walk_what_is_not_there(self, call):
        absent = re.compile(r"/api/(v1/|access-control/(roles|(teams|users)/(roles|\{teamId\})))")
        for operation in CONTRACT["operations"]:
            method, path = operation.split(" ")
            if absent.match(path):
                call(operation, {} if method in ("POST", "PUT") else None, UID="u", FolderUID="f", Group="g", name="n",
                     roleUID="r", teamId=1, key="generic_oauth")

    def walk_people(self, call):
        user = call("POST /api/admin/users", {"login": "ann", "email": "ann@example.com", "name": "Ann",
                                              "password": "password"})["id"]
        call("GET /api/users")
        call("GET /api/users/{user_id}", user_id=user)
        call("GET /api/users/lookup", query="?loginOrEmail=ann")
        call("PUT /api/users/{user_id}", {"login": "ann", "email": "ann@example.com", "name": "Anna"}, user_id=user)
        call("PUT /api/admin/users/{user_id}/password", {"password": "another"}, user_id=user)
        call("PUT /api/admin/users/{user_id}/permissions", {"isGrafanaAdmin": False}, user_id=user)
        call("GET /api/users/{user_id}/orgs", user_id=user)
        call("GET /api/org/users")
        org = call("POST /api/orgs", {"name": "Second"})["orgId"]
        call("GET /api/orgs")
        call("GET /api/orgs/{org_id}", org_id=org)
        call("GET /api/orgs/name/{org_name}", org_name="Second")
        call("PUT /api/orgs/{org_id}", {"name": "Second 2"}, org_id=org)
        call("POST /api/orgs/{org_id}/users", {"loginOrEmail": "ann", "role": "Editor"}, org_id=org)
        call("GET /api/orgs/{org_id}/users", org_id=org)
        call("PATCH /api/orgs/{org_id}/users/{user_id}", {"role": "Viewer"}, org_id=org, user_id=user)
        call("DELETE /api/orgs/{org_id}/users/{user_id}", org_id=org, user_id=user)
        call("DELETE /api/orgs/{org_id}", org_id=org)
        call("GET /api/org")
        call("PUT /api/org", {"name": "Main Org."})
        call("PUT /api/org/preferences", {"theme": "light"})
        call("GET /api/org/preferences")
        third = call("POST /api/orgs", {"name": "Third"})["orgId"]
        other = call("POST /api/admin/users", {"login": "bob", "email": "b@example.com", "password": "password",
                                               "OrgId": third})["id"]
        call("POST /api/org/users", {"loginOrEmail": "bob", "role": "Viewer"})
        call("PATCH /api/org/users/{user_id}", {"role": "Editor"}, user_id=other)
        call("DELETE /api/org/users/{user_id}", user_id=other)
        call("DELETE /api/admin/users/{user_id}", user_id=other)
        team = call("POST /api/teams", {"name": "team", "email": "t@example.com"})["teamId"]
        call("GET /api/teams/{team_id}", team_id=team)
        call("PUT /api/teams/{team_id}", {"name": "team", "email": "t2@example.com"}, team_id=team)
        call("PUT /api/teams/{team_id}/preferences", {"theme": "dark"}, team_id=team)
        call("GET /api/teams/{team_id}/preferences", team_id=team)
        call("POST /api/teams/{team_id}/members", {"userId": user}, team_id=team)
        call("GET /api/teams/{team_id}/members", team_id=team)
        call("PUT /api/teams/{team_id}/members/{user_id}", {"permission": 4}, team_id=team, user_id=user)
        call("GET /api/teams/search", query="?query=te")
        call("GET /api/users/{user_id}/teams", user_id=user)
        call("DELETE /api/teams/{team_id}/members/{user_id}", team_id=team, user_id=user)
        call("PUT /api/teams/{team_id}/members", {"members": ["ann@example.com"], "admins": []}, team_id=team)
        call("DELETE /api/teams/{team_id}", team_id=team)
        account = call("POST /api/serviceaccounts", {"name": "robot", "role": "Viewer"})["id"]
        call("PATCH /api/serviceaccounts/{serviceAccountId}", {"name": "robot 2"}, serviceAccountId=account)
        call("GET /api/serviceaccounts/search", query="?query=robot")
        call("GET /api/serviceaccounts/{serviceAccountId}", serviceAccountId=account)
        token = call("POST /api/serviceaccounts/{serviceAccountId}/tokens", {"name": "t", "secondsToLive": 600},
                     serviceAccountId=account)["id"]
        call("GET /api/serviceaccounts/{serviceAccountId}/tokens", serviceAccountId=account)
        call("DELETE /api/serviceaccounts/{serviceAccountId}/tokens/{tokenId}", serviceAccountId=account, tokenId=token)
        call("DELETE /api/serviceaccounts/{serviceAccountId}", serviceAccountId=account)
        call("DELETE /api/admin/users/{user_id}", user_id=user)

    def walk_own_account(self, call):
        own = call("GET /api/user")
        call("PUT /api/user", {key: own[key] for key in ("login", "email", "name")})
        call("PUT /api/user/password", {"oldPassword": demo.PASSWORD, "newPassword": demo.PASSWORD})
        call("GET /api/user/orgs")
        call("POST /api/user/using/{org_id}", {}, org_id=1)
        team = call("POST /api/teams", {"name": "own"})["teamId"]
        call("POST /api/teams/{team_id}/members", {"userId": own["id"]}, team_id=team)
        call("GET /api/user/teams")
        call("DELETE /api/teams/{team_id}", team_id=team)

    def walk_documents(self, call):
        for uid in ("f", "g"):
            folder = call("POST /api/folders", {"uid": uid, "title": uid.upper()})
        call("PUT /api/folders/{folder_uid}", {"title": "G 2", "version": folder["version"]}, folder_uid="g")
        call("POST /api/folders/{folder_uid}/move", {"parentUid": "f"}, folder_uid="g")
        call("GET /api/folders/{folder_uid}", folder_uid="g")
        call("GET /api/folders")
        call("POST /api/folders/{folder_uid}/permissions", {"items": [{"role": "Viewer", "permission": 1}]},
             folder_uid="f")
        call("GET /api/folders/{folder_uid}/permissions", folder_uid="f")
        on_f = {"resource": "folders", "resourceID": "f"}
        call("GET /api/access-control/{resource}/{resourceID}", **on_f)
        call("GET /api/access-control/{resource}/description", resource="folders")
        team = call("POST /api/teams", {"name": "editors"})["teamId"]
        call("POST /api/access-control/{resource}/{resourceID}",
             {"permissions": [{"builtInRole": "Viewer", "permission": "View"}]}, **on_f)
        call("POST /api/access-control/{resource}/{resourceID}/builtInRoles/{builtInRole}", {"permission": "Edit"},
             builtInRole="Editor", **on_f)
        call("POST /api/access-control/{resource}/{resourceID}/teams/{teamID}", {"permission": "Edit"}, teamID=team, **on_f)
        call("POST /api/access-control/{resource}/{resourceID}/users/{userID}", {"permission": "Admin"}, userID=1, **on_f)
        call("DELETE /api/teams/{team_id}", team_id=team)
        call("POST /api/library-elements", {"uid": "l", "name": "L", "kind": 1, "folderUid": "f",
                                            "model": {"type": "text", "description": "d"}})
        call("GET /api/library-elements")
        call("PATCH /api/library-elements/{library_element_uid}",
             {"name": "L2", "kind": 1, "model": {"type": "text"}, "version": 1}, library_element_uid="l")
        call("GET /api/library-elements/{library_element_uid}", library_element_uid="l")
        call("GET /api/library-elements/name/{library_element_name}", library_element_name="L2")
        call("POST /api/dashboards/db", {"folderUid": "f", "dashboard": {"uid": "d", "title": "D", "panels": [
            {"id": 1, "type": "text", "libraryPanel": {"uid": "l", "name": "L2"}}]}})
        call("GET /api/library-elements/{library_element_uid}/connections/", library_element_uid="l")
        call("GET /api/dashboards/uid/{uid}", uid="d")
        call("POST /api/dashboards/uid/{uid}/permissions", {"items": [{"role": "Viewer", "permission": 1}]}, uid="d")
        call("GET /api/dashboards/uid/{uid}/permissions", uid="d")
        call("GET /api/search")
        call("DELETE /api/dashboards/uid/{uid}", uid="d")
        call("DELETE /api/library-elements/{library_element_uid}", library_element_uid="l")
        for uid in ("g", "f"):
            call("DELETE /api/folders/{folder_uid}", folder_uid=uid)

    def walk_what_hangs_on_dashboards(self, call):
        call("GET /api/dashboards/home")
        call("POST /api/dashboards/import", {"dashboard": {"uid": "d", "title": "D", "tags": ["a"]}, "inputs": []})
        call("GET /api/dashboards/tags")
        note = call("POST /api/annotations", {"dashboardUID": "d", "panelId": 1, "time": 1700000000000, "text": "t",
                                              "tags": ["a"]})["id"]
        call("GET /api/annotations", query="?dashboardUID=d&from=1&to=1800000000000")
        call("GET /api/annotations/{annotation_id}", annotation_id=note)
        call("PUT /api/annotations/{annotation_id}", {"text": "u", "time": 1700000000000}, annotation_id=note)
        call("PATCH /api/annotations/{annotation_id}", {"tags": ["b"]}, annotation_id=note)
        call("GET /api/annotations/tags")
        call("DELETE /api/annotations/{annotation_id}", annotation_id=note)
        call("POST /api/annotations/graphite", {"what": "w", "tags": "a b", "when": 1700000000, "data": "x"})
        public = call("POST /api/dashboards/uid/{dashboardUid}/public-dashboards", {"isEnabled": True}, dashboardUid="d")
        call("GET /api/dashboards/uid/{dashboardUid}/public-dashboards", dashboardUid="d")
        call("PATCH /api/dashboards/uid/{dashboardUid}/public-dashboards/{uid}", {"isEnabled": False}, dashboardUid="d",
             uid=public["uid"])
        call("DELETE /api/dashboards/uid/{dashboardUid}/public-dashboards/{uid}", dashboardUid="d", uid=public["uid"])
        for _ in range(2):
            shot = call("POST /api/snapshots", {"dashboard": {"title": "D"}, "name": "S", "expires": 3600})
        call("GET /api/dashboard/snapshots")
        call("GET /api/snapshots/{key}", key=shot["key"])
        call("DELETE /api/snapshots/{key}", key=shot["key"])
        shot = call("POST /api/snapshots", {"dashboard": {"title": "D"}})
        call("GET /api/snapshots-delete/{deleteKey}", deleteKey=shot["deleteKey"])
        item = {"type": "dashboard_by_uid", "value": "d", "order": 1, "title": "D"}
        playlist = {"name": "P", "interval": "5m", "items": [item]}
        uid = call("POST /api/playlists", playlist)["uid"]
        call("GET /api/playlists")
        call("GET /api/playlists/{uid}", uid=uid)
        call("PUT /api/playlists/{uid}", {**playlist, "name": "P2"}, uid=uid)
        call("GET /api/playlists/{uid}/items", uid=uid)
        call("DELETE /api/playlists/{uid}", uid=uid)

    def walk_sources(self, call):
        made = call("POST /api/datasources", {"name": "P", "uid": "p", "type": "prometheus", "access": "proxy",
                                              "url": "http://127.0.0.1:1", "secureJsonData": {"password": "x"}})
        call("GET /api/datasources")
        call("GET /api/datasources/name/{name}", name="P")
        call("GET /api/datasources/uid/{uid}", uid="p")
        call("GET /api/datasources/id/{name}", name="P")
        call("GET /api/datasources/uid/{uid}/health", uid="p")
        call("POST /api/ds/query", {"queries": [{"refId": "A", "expr": "up", "datasource": {"uid": "p"}}]})
        call("PUT /api/datasources/uid/{uid}", {**made["datasource"], "name": "P2"}, uid="p")
        call("DELETE /api/datasources/uid/{uid}", uid="p")
        call("POST /api/datasources", {"name": "Q", "type": "prometheus", "access": "proxy", "url": "http://127.0.0.1:1"})
        call("DELETE /api/datasources/name/{name}", name="Q")


if __name__ == "__main__":
    unittest.main()
