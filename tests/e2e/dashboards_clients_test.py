"""What programs that manage Grafana send, written after their public sources, against the real service: terraform's
provider, gdg, grizzly, grafana-client. The programs themselves do not run here. Each flow ends with the state it asked
for, and says so in the words they read."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import demo


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-clients-"))
        cls.port = demo.free_port()
        cls.process = demo.Process(
            "dashboards",
            [demo.BINARY, "dashboards", f"--web.listen-address=127.0.0.1:{cls.port}"], cls.folder,
            {"GF_SECURITY_ADMIN_PASSWORD": demo.PASSWORD, "GF_PATHS_DATA": str(cls.folder / "data"),
             "GF_PATHS_PROVISIONING": str(cls.folder / "none")})
        cls.base = f"http://127.0.0.1:{cls.port}"
        cls.admin = demo.Client(cls.base, (demo.USER, demo.PASSWORD))
        demo.await_true("service ready", lambda: cls.admin.request("/api/health")[0] == 200)

    @classmethod
    def tearDownClass(cls):
        status = cls.process.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)
        assert status == 0, status

    def send(self, client, method, path, body=None, status=200):
        got, _, answer = client.request(path, body, method)
        self.assertEqual(got, status, f"{method} {path}: {answer[:300]!r}")
        return json.loads(answer) if answer else None

    def token_client(self, name, role):
        account = self.send(self.admin, "POST", "/api/serviceaccounts", {"name": name, "role": role}, 201)
        token = self.send(self.admin, "POST", f"/api/serviceaccounts/{account['id']}/tokens", {"name": name})
        client = demo.Client(self.base)
        client.headers["Authorization"] = "Bearer " + token["key"]
        return client

    def test_terraform_plans_nothing_after_it_applied(self):
        client = self.token_client("terraform", "Admin")
        self.assertRegex(self.send(client, "GET", "/api/health")["version"], r"^\d+\.\d+\.\d+")
        folder = self.send(client, "POST", "/api/folders", {"title": "Services", "uid": "tf-folder"})
        self.assertEqual(folder["version"], 1)
        read = self.send(client, "GET", "/api/folders/tf-folder")
        self.assertEqual((read["title"], read["url"]), ("Services", "/dashboards/f/tf-folder/services"))

        model = {"uid": "tf-dash", "title": "CPU", "schemaVersion": 16, "panels": [{"id": 1, "type": "graph", "y": 1.0}],
                 "refresh": "", "templating": {"list": []}}
        saved = self.send(client, "POST", "/api/dashboards/db", {
            "dashboard": model, "folderUid": "tf-folder", "overwrite": True, "message": "made"})
        self.assertEqual((saved["status"], saved["version"], saved["slug"]), ("success", 1, "cpu"))
        stored = self.send(client, "GET", "/api/dashboards/uid/tf-dash")
        self.assertEqual(stored["meta"]["folderUid"], "tf-folder")
        back = {key: value for key, value in stored["dashboard"].items() if key not in ("id", "version")}
        self.assertEqual(json.dumps(back), json.dumps(model))

        self.send(client, "POST", "/api/access-control/folders/tf-folder",
                  {"permissions": [{"builtInRole": "Viewer", "permission": ""},
                                   {"builtInRole": "Editor", "permission": "View"}]})
        given = self.send(client, "GET", "/api/access-control/folders/tf-folder")
        self.assertEqual([(one["builtInRole"], one["permission"], one["isManaged"]) for one in given],
                         [("Editor", "View", True)])

        source = self.send(client, "POST", "/api/datasources", {
            "name": "Prom", "uid": "tf-prom", "type": "prometheus", "access": "proxy", "url": "http://prometheus:9090",
            "jsonData": {"httpMethod": "POST", "httpHeaderName1": "X-Scope-OrgID"},
            "secureJsonData": {"httpHeaderValue1": "tenant"}})["datasource"]
        read = self.send(client, "GET", "/api/datasources/uid/tf-prom")
        self.assertEqual(read["secureJsonFields"], {"httpHeaderValue1": True})
        self.assertEqual(read["jsonData"], source["jsonData"])
        self.send(client, "PUT", "/api/datasources/uid/tf-prom", {**read, "isDefault": True})
        self.assertTrue(self.send(client, "GET", "/api/datasources/name/Prom")["isDefault"])

        team = self.send(self.admin, "POST", "/api/teams", {"name": "tf-team", "email": ""})
        self.send(self.admin, "PUT", f"/api/teams/{team['teamId']}/preferences", {"theme": "dark"})
        self.assertEqual(self.send(self.admin, "GET", "/api/teams/search?name=tf-team")["totalCount"], 1)
        playlist = self.send(client, "POST", "/api/playlists", {
            "name": "Rounds", "interval": "5m",
            "items": [{"type": "dashboard_by_uid", "value": "tf-dash", "title": "CPU", "order": 1}]})
        self.assertEqual(self.send(client, "GET", f"/api/playlists/{playlist['uid']}")["items"][0]["value"], "tf-dash")

        # destroy
        for path in (f"/api/playlists/{playlist['uid']}", f"/api/teams/{team['teamId']}",
                     "/api/datasources/uid/tf-prom", "/api/dashboards/uid/tf-dash",
                     "/api/folders/tf-folder?forceDeleteRules=false"):
            self.send(self.admin if "teams" in path else client, "DELETE", path)
        self.assertEqual(self.send(client, "GET", "/api/folders/tf-folder", status=404)["message"], "folder not found")
        self.assertEqual(self.send(client, "GET", "/api/dashboards/uid/tf-dash", status=404)["message"],
                         "Dashboard not found")

    def test_terraform_manages_people_and_what_hangs_on_a_dashboard(self):
        send, admin = self.send, self.admin
        made = send(admin, "POST", "/api/admin/users", {
            "email": "tf@example.com", "login": "tf-user", "name": "Terra", "password": "password"})
        send(admin, "PUT", f"/api/users/{made['id']}", {"email": "tf@example.com", "login": "tf-user", "name": "Form"})
        send(admin, "PUT", f"/api/admin/users/{made['id']}/password", {"password": "another"})
        send(admin, "PUT", f"/api/admin/users/{made['id']}/permissions", {"isGrafanaAdmin": False})
        read = send(admin, "GET", f"/api/users/{made['id']}")
        self.assertEqual([read[key] for key in ("login", "email", "name", "isGrafanaAdmin")],
                         ["tf-user", "tf@example.com", "Form", False])

        org = send(admin, "POST", "/api/orgs", {"name": "tf-org"})["orgId"]
        send(admin, "POST", f"/api/orgs/{org}/users", {"loginOrEmail": "tf@example.com", "role": "Viewer"})
        send(admin, "PATCH", f"/api/orgs/{org}/users/{made['id']}", {"role": "Editor"})
        self.assertEqual({user["login"]: user["role"] for user in send(admin, "GET", f"/api/orgs/{org}/users")}["tf-user"],
                         "Editor")
        send(admin, "PUT", f"/api/orgs/{org}", {"name": "tf-org 2"})
        self.assertEqual(send(admin, "GET", f"/api/orgs/{org}")["name"], "tf-org 2")

        client = self.token_client("terraform-2", "Admin")
        send(client, "POST", "/api/folders", {"title": "Hangs", "uid": "tf-hangs"})
        send(client, "POST", "/api/dashboards/db", {"dashboard": {"uid": "tf-hangs-1", "title": "On"}, "folderUid": "tf-hangs"})
        for path in (f"users/{made['id']}", "builtInRoles/Viewer"):
            send(client, "POST", f"/api/access-control/folders/tf-hangs/{path}", {"permission": "Edit"})
            send(client, "POST", f"/api/access-control/folders/tf-hangs/{path}", {"permission": ""})
        note = send(client, "POST", "/api/annotations", {
            "text": "made", "time": 1700000000000, "timeEnd": 1700000060000, "panelId": 1, "tags": ["tf"],
            "dashboardUID": "tf-hangs-1"})
        send(client, "PUT", f"/api/annotations/{note['id']}", {
            "text": "changed", "time": 1700000000000, "timeEnd": 1700000060000, "tags": ["tf", "b"]})
        read = send(client, "GET", f"/api/annotations/{note['id']}")
        self.assertEqual([read[key] for key in ("text", "tags", "dashboardUID", "panelId", "timeEnd")],
                         ["changed", ["tf", "b"], "tf-hangs-1", 1, 1700000060000])

        public = "/api/dashboards/uid/tf-hangs-1/public-dashboards"
        opened = send(client, "POST", public, {"uid": "tfpublic1", "isEnabled": True, "share": "public",
                                               "annotationsEnabled": False, "timeSelectionEnabled": True})
        send(client, "PATCH", f"{public}/{opened['uid']}", {"isEnabled": False})
        read = send(client, "GET", public)
        self.assertEqual((read["uid"], read["isEnabled"], read["timeSelectionEnabled"]), (opened["uid"], False, True))
        send(client, "DELETE", f"{public}/{opened['uid']}")
        send(client, "GET", public, status=404)

        element = send(client, "POST", "/api/library-elements", {
            "uid": "tf-lib", "name": "Lib", "kind": 1, "folderUid": "tf-hangs", "model": {"type": "text", "title": "t"}})
        send(client, "PATCH", "/api/library-elements/tf-lib", {
            "name": "Lib 2", "kind": 1, "folderUid": "tf-hangs", "model": {"type": "text", "title": "u"},
            "version": element["result"]["version"]})
        read = send(client, "GET", "/api/library-elements/tf-lib")["result"]
        self.assertEqual((read["name"], read["model"]["title"], read["version"]), ("Lib 2", "u", 2))

        team = send(admin, "POST", "/api/teams", {"name": "tf-team-2", "email": "t@example.com"})["teamId"]
        send(admin, "POST", f"/api/teams/{team}/members", {"userId": made["id"]})
        send(admin, "PUT", f"/api/teams/{team}/members/{made['id']}", {"permission": 4})
        self.assertEqual([(one["email"], one["permission"]) for one in send(admin, "GET", f"/api/teams/{team}/members")],
                         [("tf@example.com", 4)])
        send(admin, "DELETE", f"/api/teams/{team}/members/{made['id']}")
        account = send(client, "POST", "/api/serviceaccounts", {"name": "tf-robot", "role": "Viewer", "isDisabled": False}, 201)
        send(client, "PATCH", f"/api/serviceaccounts/{account['id']}", {"role": "Editor", "isDisabled": True})
        read = send(client, "GET", f"/api/serviceaccounts/{account['id']}")
        self.assertEqual((read["role"], read["isDisabled"]), ("Editor", True))
        send(admin, "PUT", "/api/org/preferences", {"theme": "light", "homeDashboardUID": "tf-hangs-1", "timezone": "utc",
                                                    "weekStart": "monday"})
        read = send(admin, "GET", "/api/org/preferences")
        self.assertEqual([read[key] for key in ("theme", "homeDashboardUID", "timezone", "weekStart")],
                         ["light", "tf-hangs-1", "utc", "monday"])
        send(admin, "PUT", "/api/org/preferences", {})

        # destroy
        for path in (f"/api/serviceaccounts/{account['id']}", f"/api/teams/{team}", "/api/library-elements/tf-lib",
                     f"/api/annotations/{note['id']}", "/api/dashboards/uid/tf-hangs-1", "/api/folders/tf-hangs",
                     f"/api/orgs/{org}", f"/api/admin/users/{made['id']}"):
            send(admin, "DELETE", path)

    def test_gdg_backs_up_and_restores_an_organisation(self):
        client = self.token_client("gdg", "Admin")
        self.send(client, "POST", "/api/folders", {"title": "Backup", "uid": "gdg"})
        self.send(client, "POST", "/api/dashboards/db", {"dashboard": {"uid": "gdg-1", "title": "One"}, "folderUid": "gdg"})
        self.send(client, "POST", "/api/library-elements", {
            "uid": "gdg-lib", "name": "Lib", "kind": 1, "folderUid": "gdg", "model": {"type": "text"}})
        found = self.send(client, "GET", "/api/search?type=dash-db&limit=5000&page=1")
        self.assertIn("gdg-1", [hit["uid"] for hit in found])
        hit = next(hit for hit in found if hit["uid"] == "gdg-1")
        self.assertEqual((hit["folderUid"], hit["folderTitle"]), ("gdg", "Backup"))
        kept = self.send(client, "GET", "/api/dashboards/uid/gdg-1")["dashboard"]
        elements = self.send(client, "GET", "/api/library-elements?kind=1&perPage=100&page=1")["result"]["elements"]
        self.send(client, "GET", "/api/library-elements/gdg-lib/connections/")
        for path in ("/api/v1/provisioning/alert-rules", "/api/v1/provisioning/contact-points",
                     "/api/v1/provisioning/mute-timings", "/api/v1/provisioning/templates"):
            self.assertEqual(self.send(client, "GET", path), [])
        self.send(client, "GET", "/api/folders/gdg/permissions")
        self.send(client, "POST", "/api/folders/gdg/permissions", {"items": [{"role": "Editor", "permission": 2}]})
        self.send(client, "POST", "/api/dashboards/uid/gdg-1/permissions", {"items": [{"role": "Viewer", "permission": 1}]})
        given = self.send(client, "GET", "/api/dashboards/uid/gdg-1/permissions")
        self.assertIn(("Viewer", 1), [(one.get("role"), one["permission"]) for one in given])
        self.send(client, "GET", "/api/v1/provisioning/policies", status=501)
        self.send(client, "GET", "/api/v1/provisioning/contact-points/export", status=404)
        self.send(client, "DELETE", "/api/dashboards/uid/gdg-1")
        self.send(client, "DELETE", "/api/library-elements/gdg-lib")
        # restore
        self.send(client, "POST", "/api/dashboards/import", {
            "dashboard": kept, "folderUid": "gdg", "overwrite": True, "inputs": []})
        element = elements[0]
        self.send(client, "POST", "/api/library-elements", {
            key: element[key] for key in ("uid", "name", "kind", "folderUid", "model")})
        again = self.send(client, "GET", "/api/dashboards/uid/gdg-1")
        self.assertEqual(again["meta"]["folderUid"], "gdg")
        users = self.send(self.admin, "GET", "/api/users?perpage=1000&page=1")
        self.assertEqual([user["login"] for user in users if user["login"] == demo.USER], [demo.USER])
        orgs = self.send(self.admin, "GET", "/api/orgs")
        self.assertEqual(orgs[0]["name"], "Main Org.")
        self.send(self.admin, "GET", "/api/org/preferences")

    def test_grizzly_applies_and_takes_a_snapshot(self):
        client = self.token_client("grizzly", "Editor")
        self.send(client, "GET", "/api/folders/grizzly", status=404)
        self.send(client, "POST", "/api/folders", {"uid": "grizzly", "title": "Grizzly"})
        folder = self.send(client, "GET", "/api/folders/grizzly")
        self.assertEqual(self.send(client, "GET", f"/api/folders/id/{folder['id']}")["uid"], "grizzly")
        self.send(client, "PUT", "/api/folders/grizzly", {"title": "Grizzly 2", "version": folder["version"]})
        self.assertEqual(self.send(client, "PUT", "/api/folders/grizzly", {"title": "x", "version": folder["version"]},
                                   412)["status"], "version-mismatch")
        self.send(client, "POST", "/api/dashboards/db", {
            "dashboard": {"uid": "griz", "title": "Griz"}, "folderUid": "grizzly", "overwrite": True})
        snapshot = self.send(client, "POST", "/api/snapshots", {
            "dashboard": {"title": "Griz"}, "expires": 3600, "name": "preview"})
        stranger = demo.Client(self.base)
        shown = self.send(stranger, "GET", f"/api/snapshots/{snapshot['key']}")
        self.assertEqual(shown["dashboard"]["title"], "Griz")
        self.send(client, "GET", "/api/dashboards/home")

    def test_grafana_client_runs_through_its_sections(self):
        client = self.admin
        self.send(client, "GET", "/api/admin/stats")
        self.send(client, "GET", "/api/admin/settings")
        made = self.send(client, "POST", "/api/admin/users", {
            "name": "User", "email": "user@graf.com", "login": "pyuser", "password": "userpassword", "OrgId": 1})
        self.send(client, "PUT", f"/api/admin/users/{made['id']}/password", {"password": "another"})
        self.send(client, "PATCH", f"/api/org/users/{made['id']}", {"role": "Editor"})
        user = self.send(client, "GET", "/api/users/lookup?loginOrEmail=user@graf.com")
        self.assertEqual(user["id"], made["id"])
        note = self.send(client, "POST", "/api/annotations", {
            "time": 1700000000000, "tags": ["deploy"], "text": "rolled out"})
        self.send(client, "PATCH", f"/api/annotations/{note['id']}", {"text": "rolled back"})
        found = self.send(client, "GET", "/api/annotations?tags=deploy&limit=10")
        self.assertEqual([one["text"] for one in found], ["rolled back"])
        self.send(client, "DELETE", f"/api/annotations/{note['id']}")
        self.assertEqual(self.send(client, "GET", "/api/dashboards/tags"), [])
        # What it still sends by number, and with a slash at the end.
        saved = self.send(client, "POST", "/api/dashboards/db", {"dashboard": {"uid": "py-1", "title": "Py"}, "folderId": 0})
        by_number = f"/api/dashboards/id/{saved['id']}"
        self.assertEqual(len(self.send(client, "GET", f"{by_number}/versions")["versions"]), 1)
        self.assertEqual(self.send(client, "GET", f"{by_number}/versions/1")["uid"], "py-1")
        self.send(client, "POST", f"{by_number}/restore", {"version": 1})
        self.send(client, "GET", f"{by_number}/permissions")
        self.send(client, "POST", f"{by_number}/permissions", {"items": [{"role": "Viewer", "permission": 1}]})
        self.send(client, "POST", f"/api/user/stars/dashboard/{saved['id']}")
        self.assertEqual([hit["uid"] for hit in self.send(client, "GET", "/api/search?starred=true")], ["py-1"])
        self.send(client, "DELETE", f"/api/user/stars/dashboard/{saved['id']}")
        account = self.send(client, "POST", "/api/serviceaccounts/", {"name": "py", "role": "Viewer"}, 201)
        self.send(client, "GET", f"/api/serviceaccounts/{account['id']}?accesscontrol=true")
        self.send(client, "DELETE", f"/api/serviceaccounts/{account['id']}")
        self.send(client, "POST", f"/api/users/{made['id']}/using/1")
        self.send(client, "DELETE", "/api/dashboards/uid/py-1")
        self.send(client, "POST", "/api/user/using/1", {})
        self.send(client, "GET", "/api/user/orgs")
        self.send(client, "DELETE", f"/api/admin/users/{made['id']}")

    def pages(self, client, path, first=1, size=2):
        """All of a list that a client reads until a page is not full."""
        found, number = [], first
        while True:
            page = self.send(client, "GET", f"{path}{'&' if '?' in path else '?'}page={number}&limit={size}")
            found += page
            if len(page) < size:
                return found
            number += 1

    def test_terraform_finds_what_is_there(self):
        send, admin = self.send, self.admin
        client = self.token_client("terraform-3", "Admin")
        for uid, parent in (("tf-a", ""), ("tf-b", "tf-a"), ("tf-c", "tf-a")):
            send(client, "POST", "/api/folders", {"uid": uid, "title": uid, "parentUid": parent})
        saved = send(client, "POST", "/api/dashboards/db", {"dashboard": {"uid": "tf-in-c", "title": "In C"},
                                                            "folderUid": "tf-c", "overwrite": False})
        # The list of folders is read page by page until an empty one; the tree level by level.
        folders = self.pages(client, "/api/folders")
        self.assertIn("tf-a", [folder["uid"] for folder in folders])
        below = self.pages(client, "/api/folders?parentUid=tf-a")
        self.assertEqual([(folder["uid"], folder["parentUid"]) for folder in below], [("tf-b", "tf-a"), ("tf-c", "tf-a")])
        self.assertEqual([hit["uid"] for hit in self.pages(client, "/api/search?type=dash-db&folderUIDs=tf-b,tf-c", size=5000)],
                         ["tf-in-c"])
        self.assertEqual([hit["uid"] for hit in send(client, "GET", f"/api/search?type=dash-db&dashboardIds={saved['id']}")],
                         ["tf-in-c"])
        # prevent_destroy_if_not_empty looks into the folder before it deletes it.
        self.assertEqual(len(send(client, "GET", "/api/search?folderUIDs=tf-c&limit=1")), 1)
        # An update moves the folder, then overwrites its title without knowing a version.
        send(client, "POST", "/api/folders/tf-c/move", {"parentUid": "tf-b"})
        send(client, "PUT", "/api/folders/tf-c", {"overwrite": True, "title": "C"})
        moved = send(client, "GET", "/api/folders/tf-c")
        self.assertEqual((moved["title"], moved["parentUid"], [one["uid"] for one in moved["parents"]]),
                         ("C", "tf-b", ["tf-a", "tf-b"]))

        for target, permission in (("builtInRoles/Viewer", "View"), ("builtInRoles/Editor", "Edit")):
            send(client, "POST", f"/api/access-control/dashboards/tf-in-c/{target}", {"permission": permission})
        given = send(client, "GET", "/api/access-control/dashboards/tf-in-c")
        self.assertEqual({one["builtInRole"]: one["permission"] for one in given if one["isManaged"]},
                         {"Viewer": "View", "Editor": "Edit"})
        send(client, "POST", "/api/access-control/dashboards/tf-in-c", {"permissions": [
            {"builtInRole": one["builtInRole"], "permission": ""} for one in given if one["isManaged"]]})

        made = send(client, "POST", "/api/datasources", {"name": "tf-bare", "type": "prometheus", "access": "proxy",
                                                         "url": "http://prometheus:9090", "jsonData": {}, "secureJsonData": {}})
        source = made["datasource"]
        self.assertEqual((source["jsonData"], source["orgId"]), ({}, 1))
        changed = {"access": "proxy", "basicAuth": True, "basicAuthUser": "u", "name": "tf-bare", "type": "prometheus",
                   "uid": source["uid"], "url": "http://prometheus:9091", "jsonData": {"timeInterval": "30s"},
                   "secureJsonData": {"basicAuthPassword": "p"}}
        send(client, "PUT", f"/api/datasources/uid/{source['uid']}", changed)
        read = send(client, "GET", f"/api/datasources/uid/{source['uid']}")
        self.assertEqual((read["url"], read["basicAuth"], read["basicAuthUser"], read["jsonData"], read["secureJsonFields"]),
                         ("http://prometheus:9091", True, "u", {"timeInterval": "30s"}, {"basicAuthPassword": True}))
        self.assertIn("tf-bare", [one["name"] for one in send(client, "GET", "/api/datasources")])

        element = send(client, "POST", "/api/library-elements", {
            "uid": "tf-panel", "name": "Panel", "kind": 1, "folderUid": "tf-a",
            "model": {"type": "text", "title": "T", "description": "D"}})["result"]
        self.assertEqual((element["type"], element["description"], element["meta"]["folderName"], element["meta"]["folderUid"]),
                         ("text", "D", "tf-a", "tf-a"))
        found = send(client, "GET", "/api/library-elements?kind=1&perPage=100")["result"]["elements"]
        self.assertIn("tf-panel", [one["uid"] for one in found])
        self.assertEqual(send(client, "GET", "/api/library-elements/name/Panel")["result"][0]["uid"], "tf-panel")

        item = {"title": "In C", "type": "dashboard_by_uid", "value": "tf-in-c", "order": 1}
        uid = send(client, "POST", "/api/playlists", {"name": "tf", "interval": "1m", "items": [item]})["uid"]
        send(client, "PUT", f"/api/playlists/{uid}", {"name": "tf 2", "interval": "2m", "items": [
            item, {"title": "By tag", "type": "dashboard_by_tag", "value": "tf", "order": 2}]})
        read = send(client, "GET", f"/api/playlists/{uid}")
        self.assertEqual((read["name"], read["interval"], [one["value"] for one in read["items"]]),
                         ("tf 2", "2m", ["tf-in-c", "tf"]))
        self.assertEqual([one["type"] for one in send(client, "GET", f"/api/playlists/{uid}/items")],
                         ["dashboard_by_uid", "dashboard_by_tag"])
        self.assertIn(uid, [one["uid"] for one in send(client, "GET", "/api/playlists")])

        account = send(client, "POST", "/api/serviceaccounts", {"name": "tf-expiring", "role": "None"}, 201)
        token = send(client, "POST", f"/api/serviceaccounts/{account['id']}/tokens", {"name": "t", "secondsToLive": 600})
        listed = send(client, "GET", f"/api/serviceaccounts/{account['id']}/tokens")
        self.assertEqual([(one["id"], one["hasExpired"]) for one in listed], [(token["id"], False)])
        self.assertRegex(listed[0]["expiration"], r"^\d{4}-\d\d-\d\dT")
        send(client, "DELETE", f"/api/serviceaccounts/{account['id']}/tokens/{token['id']}")
        page = send(client, "GET", "/api/serviceaccounts/search?query=tf-expiring&page=1")
        self.assertEqual([one["role"] for one in page["serviceAccounts"]], ["None"])
        # grafana_service_account_permission: read, set, read again, set without.
        permissions = f"/api/access-control/serviceaccounts/{account['id']}"
        self.assertEqual(send(client, "GET", permissions), [])
        keeper = send(admin, "POST", "/api/admin/users", {
            "email": "tf4@example.com", "login": "tf4", "name": "", "password": "password"})["id"]
        send(client, "POST", permissions, {"permissions": [{"userId": keeper, "permission": "Edit"}]})
        self.assertEqual([(one["userId"], one["permission"], one["isManaged"]) for one in send(client, "GET", permissions)],
                         [(keeper, "Edit", True)])
        send(client, "POST", permissions, {"permissions": [{"userId": keeper, "permission": ""}]})
        self.assertEqual(send(client, "GET", permissions), [])

        # Members of a team are known by their addresses, which the organisation's users tell.
        person = send(admin, "POST", "/api/admin/users", {
            "email": "tf3@example.com", "login": "tf3", "name": "", "password": "password"})["id"]
        team = send(client, "POST", "/api/teams", {"name": "tf-3", "email": ""})
        by_address = {one["email"]: one["userId"] for one in send(client, "GET", "/api/org/users")}
        send(client, "POST", f"/api/teams/{team['teamId']}/members", {"userId": by_address["tf3@example.com"]})
        send(client, "PUT", f"/api/teams/{team['teamId']}/members/{person}", {"permission": 4})
        members = send(client, "GET", f"/api/teams/{team['teamId']}/members")
        self.assertEqual([(one["email"], one["permission"], one["labels"]) for one in members], [("tf3@example.com", 4, [])])
        read = send(client, "GET", f"/api/teams/{team['teamId']}?accesscontrol=true")
        self.assertEqual((read["id"], read["uid"], read["name"], read["email"]), (team["teamId"], team["uid"], "tf-3", ""))
        send(client, "PUT", f"/api/teams/{team['teamId']}/preferences", {"theme": "dark", "timezone": "utc"})
        send(client, "PUT", f"/api/teams/{team['teamId']}/preferences", {})
        read = send(client, "GET", f"/api/teams/{team['teamId']}/preferences")
        self.assertEqual([read.get(key, "") for key in ("theme", "homeDashboardUID", "timezone", "weekStart")], [""] * 4)
        self.assertIn("tf3", [one["login"] for one in send(admin, "GET", "/api/users?page=1&perpage=1000")])
        self.assertEqual(send(admin, "GET", "/api/users?page=2&perpage=1000"), [])
        # destroy
        for path in (f"/api/teams/{team['teamId']}", f"/api/admin/users/{person}", f"/api/serviceaccounts/{account['id']}",
                     f"/api/playlists/{uid}", "/api/library-elements/tf-panel", f"/api/datasources/uid/{source['uid']}",
                     "/api/folders/tf-a?forceDeleteRules=true"):
            send(admin, "DELETE", path)
        send(client, "GET", "/api/dashboards/uid/tf-in-c", status=404)

    def test_grizzly_pulls_and_applies_each_kind(self):
        send = self.send
        client = self.token_client("grizzly-2", "Admin")
        folder = send(client, "POST", "/api/folders", {"uid": "griz-f", "title": "Griz"})
        # It knows the folder of a dashboard by its number when it saves, by its uid when it reads.
        send(client, "POST", "/api/dashboards/db", {"dashboard": {"uid": "griz-d", "title": "D", "panels": []},
                                                    "folderId": folder["id"], "overwrite": True})
        read = send(client, "GET", "/api/dashboards/uid/griz-d")
        self.assertEqual((read["meta"]["folderUid"], read["meta"]["folderId"]), ("griz-f", folder["id"]))
        self.assertIn("griz-d", [hit["uid"] for hit in self.pages(client, "/api/search?type=dash-db", size=1000)])
        self.assertIn("griz-f", [hit["uid"] for hit in self.pages(client, "/api/search?type=dash-folder", size=1000)])
        # A data source is looked for by uid, then by name; it is changed by number, with all that was read.
        send(client, "GET", "/api/datasources/uid/Griz-Prom", status=404)
        send(client, "GET", "/api/datasources/name/Griz-Prom", status=404)
        send(client, "POST", "/api/datasources", {"name": "Griz-Prom", "uid": "griz-prom", "type": "prometheus",
                                                  "access": "proxy", "url": "http://prometheus:9090"})
        read = send(client, "GET", "/api/datasources/name/Griz-Prom")
        send(client, "PUT", f"/api/datasources/{read['id']}", {**read, "url": "http://prometheus:9091"})
        self.assertEqual(send(client, "GET", "/api/datasources/uid/griz-prom")["url"], "http://prometheus:9091")
        # Library panels are listed from page 0 on.
        send(client, "GET", "/api/library-elements/griz-l", status=404)
        send(client, "POST", "/api/library-elements", {"uid": "griz-l", "name": "L", "kind": 1, "folderUid": "griz-f",
                                                       "model": {"type": "text"}})
        listed = send(client, "GET", "/api/library-elements?page=0&perPage=100")["result"]["elements"]
        self.assertIn("griz-l", [one["uid"] for one in listed])
        read = send(client, "GET", "/api/library-elements/griz-l")["result"]
        send(client, "PATCH", "/api/library-elements/griz-l", {
            key: read[key] for key in ("folderId", "folderUid", "kind", "model", "name", "uid", "version")})
        # What there is not is an empty list, or is said not to be there.
        for path in ("alert-rules", "contact-points", "templates"):
            self.assertEqual(send(client, "GET", f"/api/v1/provisioning/{path}"), [])
        self.assertIn("not supported", send(client, "GET", "/api/v1/provisioning/policies", status=501)["message"])
        for path in ("/api/library-elements/griz-l", "/api/datasources/uid/griz-prom", "/api/folders/griz-f"):
            send(client, "DELETE", path)

    def test_gdg_moves_people_and_connections(self):
        send, admin = self.send, self.admin
        self.assertEqual(send(admin, "GET", "/api/user")["isGrafanaAdmin"], True)
        send(admin, "GET", "/api/licensing/check", status=404)
        org = send(admin, "POST", "/api/orgs", {"name": "gdg-org"})["orgId"]
        self.assertIn("gdg-org", [one["name"] for one in send(admin, "GET", "/api/orgs")])
        person = send(admin, "POST", "/api/admin/users", {
            "email": "gdg@example.com", "login": "gdg", "name": "G", "password": "password"})["id"]
        self.assertEqual(send(admin, "GET", f"/api/users/{person}")["email"], "gdg@example.com")
        listed = {one["login"]: one for one in send(admin, "GET", "/api/users?page=1&perpage=5000")}
        self.assertEqual((listed["gdg"]["id"], listed["gdg"]["authLabels"]), (person, []))
        send(admin, "PUT", f"/api/admin/users/{person}/permissions", {"isGrafanaAdmin": True})
        send(admin, "POST", f"/api/orgs/{org}/users", {"loginOrEmail": "gdg", "role": "Viewer"})
        send(admin, "PATCH", f"/api/orgs/{org}/users/{person}", {"role": "Admin"})
        send(admin, "DELETE", f"/api/orgs/{org}/users/{person}")
        self.assertNotIn("gdg", [one["login"] for one in send(admin, "GET", f"/api/orgs/{org}/users")])
        # Another organisation is chosen for the whole session, and named in a header besides.
        send(admin, "POST", f"/api/user/using/{org}", {})
        self.assertEqual(send(admin, "GET", "/api/org")["name"], "gdg-org")
        self.assertEqual({one["name"] for one in send(admin, "GET", "/api/user/orgs")} >= {"gdg-org", "Main Org."}, True)
        send(admin, "PUT", "/api/org", {"name": "gdg-org 2"})
        self.assertEqual(send(admin, "GET", "/api/org/preferences"), {})
        send(admin, "POST", "/api/user/using/1", {})

        # Teams are deleted and made anew, with their members by login.
        team = send(admin, "POST", "/api/teams", {"name": "gdg-team", "email": "t@example.com"})["teamId"]
        send(admin, "POST", f"/api/teams/{team}/members", {"userId": person})
        send(admin, "PUT", f"/api/teams/{team}/members/{person}", {"permission": 4})
        teams = send(admin, "GET", "/api/teams/search?perpage=99999")["teams"]
        self.assertEqual([one["memberCount"] for one in teams if one["id"] == team], [1])
        self.assertEqual([(one["login"], one["permission"]) for one in send(admin, "GET", f"/api/teams/{team}/members")],
                         [("gdg", 4)])

        send(admin, "POST", "/api/datasources", {"name": "gdg-prom", "type": "prometheus", "access": "proxy",
                                                 "url": "http://prometheus:9090", "basicAuth": True, "basicAuthUser": "u",
                                                 "secureJsonData": {"basicAuthPassword": "p"}})
        kept = next(one for one in send(admin, "GET", "/api/datasources") if one["name"] == "gdg-prom")
        send(admin, "DELETE", f"/api/datasources/uid/{kept['uid']}")
        again = send(admin, "POST", "/api/datasources", kept)["datasource"]
        self.assertEqual(again["uid"], kept["uid"])

        # Permissions of a dashboard, in both forms.
        send(admin, "POST", "/api/dashboards/import", {"dashboard": {"uid": "gdg-p", "title": "P"}, "overwrite": True})
        send(admin, "POST", f"/api/access-control/dashboards/gdg-p/users/{person}", {"permission": "Edit"})
        send(admin, "POST", f"/api/access-control/dashboards/gdg-p/teams/{team}", {"permission": "View"})
        given = send(admin, "GET", "/api/access-control/dashboards/gdg-p")
        self.assertEqual({one.get("userLogin") or one.get("team"): one["permission"] for one in given if one["isManaged"]
                          and not one.get("builtInRole")}, {"gdg": "Edit", "gdg-team": "View"})
        send(admin, "POST", "/api/dashboards/uid/gdg-p/permissions", {"items": []})
        self.assertEqual(send(admin, "GET", "/api/dashboards/uid/gdg-p/permissions"), [])

        robot = send(admin, "POST", "/api/serviceaccounts", {"name": "gdg-robot", "role": "Viewer"}, 201)["id"]
        send(admin, "POST", f"/api/serviceaccounts/{robot}/tokens", {"name": "forever"})
        found = send(admin, "GET", "/api/serviceaccounts/search?Disabled=false&perpage=5000")["serviceAccounts"]
        self.assertEqual([one["tokens"] for one in found if one["id"] == robot], [1])
        listed = send(admin, "GET", f"/api/serviceaccounts/{robot}/tokens")
        self.assertEqual([(one["name"], one["hasExpired"], one["expiration"]) for one in listed], [("forever", False, None)])
        for path in (f"/api/serviceaccounts/{robot}", f"/api/teams/{team}", f"/api/datasources/uid/{kept['uid']}",
                     "/api/dashboards/uid/gdg-p", f"/api/admin/users/{person}", f"/api/orgs/{org}"):
            send(admin, "DELETE", path)

    def test_the_log_holds_no_secret(self):
        secrets = ["pw-7f3a9c", "ds-7f3a9c", "header-7f3a9c", "url-7f3a9c", "wrong-7f3a9c"]
        self.send(self.admin, "POST", "/api/admin/users", {"login": "secretive", "password": secrets[0]})
        stranger = demo.Client(self.base)
        self.assertEqual(stranger.request("/login", {"user": "secretive", "password": secrets[0]})[0], 200)
        self.assertEqual(demo.Client(self.base).request("/login", {"user": "secretive", "password": secrets[4]})[0], 401)
        cookies = [cookie.value for cookie in stranger.cookies if cookie.name == "grafana_session"]
        self.assertEqual(len(cookies), 1)
        made = self.send(self.admin, "POST", "/api/datasources", {
            "name": "Secretive", "uid": "secretive", "type": "prometheus", "access": "proxy",
            "url": f"http://user:{secrets[3]}@127.0.0.1:1", "basicAuth": True, "basicAuthUser": "u",
            "jsonData": {"httpHeaderName1": "X-Key"},
            "secureJsonData": {"basicAuthPassword": secrets[1], "httpHeaderValue1": secrets[2]}})
        self.send(self.admin, "GET", "/api/datasources/uid/secretive/health", status=400)
        self.admin.request("/api/datasources/proxy/uid/secretive/api/v1/query?query=up")
        self.admin.request("/api/ds/query", {"queries": [{"refId": "A", "expr": "up", "datasource": {"uid": "secretive"}}]})
        program = self.token_client("secretive", "Editor")
        token = program.headers["Authorization"].split()[1]
        # Changes are noted in the log, with who made them.
        self.send(stranger, "PUT", "/api/user/preferences", {"theme": "dark"})
        self.send(program, "POST", "/api/annotations", {"text": "noted"})
        self.assertEqual(stranger.request("/api/user/password", {
            "oldPassword": secrets[4], "newPassword": secrets[0]}, method="PUT")[0], 401)
        self.send(self.admin, "DELETE", f"/api/datasources/uid/{made['datasource']['uid']}")
        log = self.process.log()
        self.assertIn("signed in", log)
        self.assertEqual([secret for secret in [*secrets, *cookies, token] if secret in log], [])

    def test_the_administrator_gets_back_in_and_backs_up(self):
        data = f"cfg:paths.data={self.folder / 'data'}"
        run = lambda *arguments, text=None: subprocess.run(
            [demo.BINARY, "dashboards", "admin", *arguments], input=text, capture_output=True, text=True)
        made = self.send(self.admin, "POST", "/api/admin/users", {"login": "lost", "password": "forgotten"})
        done = run("reset-admin-password", "--user-id", str(made["id"]), "--password-from-stdin", data, text="found\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(demo.Client(self.base, ("lost", "found")).request("/api/user")[0], 200)
        self.assertEqual(run("reset-admin-password", "ab", data).returncode, 1)
        copy = self.folder / "copy"
        self.assertEqual(run("backup", str(copy), data).returncode, 0)
        self.assertEqual(sorted(path.name for path in copy.iterdir() if not path.name.endswith(("-wal", "-shm"))),
                         ["dashboards.db", "secret.key"])
        self.assertEqual(run("backup", str(copy), data).returncode, 1)
        shown = subprocess.run([demo.BINARY, "dashboards", "--show-settings", data], capture_output=True, text=True)
        self.assertIn(f"data = {self.folder / 'data'}  # command line", shown.stdout)
        self.assertIn(";http_port = 3000  # default", shown.stdout)

    def test_help_tells_what_is_set_and_where(self):
        file = self.folder / "help.ini"
        file.write_text("[auth.anonymous]\nenabled = true\n[security]\nadmin_password = from-the-file\n")
        run = lambda *arguments, **variables: subprocess.run(
            [demo.BINARY, "dashboards", *arguments, "--help"], capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], **variables})
        shown = run("--config", str(file), "cfg:server.domain=here.example", GF_SERVER_HTTP_PORT="3999")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for line in (f"enabled = true  # {file}: line 2", "domain = here.example  # command line",
                     "http_port = 3999  # GF_SERVER_HTTP_PORT"):
            self.assertIn(line, shown.stdout)
        self.assertNotIn("# default", shown.stdout)
        self.assertNotIn("from-the-file", shown.stdout)
        self.assertIn("No setting differs from its default", run().stdout)
        self.assertIn("The settings cannot be read", run("--config", str(self.folder / "none.ini")).stdout)


if __name__ == "__main__":
    unittest.main()
