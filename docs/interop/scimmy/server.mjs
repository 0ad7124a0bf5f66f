// A small SCIM server on the packages scimmy and scimmy-routers: users and groups in memory, everything else as the
// packages have it. The port is the first argument; TOKEN is the bearer token that it takes.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const token = process.env.TOKEN;
if (!token) {
  console.error("TOKEN holds no bearer token");
  process.exit(2);
}

const stores = { User: new Map(), Group: new Map() };
const notFound = (id) => new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
const taken = (name, id) =>
  [...stores.User.values()].some((user) => user.id !== id && user.userName.toLowerCase() === name.toLowerCase());

/** What a user is a member of follows from the groups. */
function withGroups(user) {
  const groups = [...stores.Group.values()].filter((group) => group.members?.some(({ value }) => value === user.id));
  return { ...user, groups: groups.map(({ id, displayName }) => ({ value: id, display: displayName, type: "direct" })) };
}

function declare(type, shown) {
  const store = stores[type.name];
  SCIMMY.Resources.declare(type)
    .ingress((resource, data) => {
      const id = resource.id ?? randomUUID();
      const old = store.get(id);
      if (resource.id && !old) throw notFound(id);
      if (type.name === "User" && taken(data.userName, id)) {
        throw new SCIMMY.Types.Error(409, "uniqueness", `The userName ${data.userName} is taken`);
      }
      const now = new Date().toISOString();
      // By way of JSON, because the data are instances of the schema, which cannot be copied.
      const { id: _, meta: __, ...rest } = JSON.parse(JSON.stringify(data));
      store.set(id, { ...rest, id, meta: { created: old?.meta.created ?? now, lastModified: now } });
      return shown(store.get(id));
    })
    .egress((resource) => {
      if (resource.id) {
        if (!store.has(resource.id)) throw notFound(resource.id);
        return shown(store.get(resource.id));
      }
      const all = [...store.values()].map(shown);
      return resource.filter ? resource.filter.match(all) : all;
    })
    .degress((resource) => {
      if (!store.delete(resource.id)) throw notFound(resource.id);
    });
}

declare(SCIMMY.Resources.User, withGroups);
declare(SCIMMY.Resources.Group, (group) => group);
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser);

const app = express();
app.use("/scim/v2", new SCIMMYRouters({
  type: "bearer",
  docUri: "https://example.com/docs",
  handler: (request) => {
    // Nothing is given back: the token stands for nobody, so there is no /Me.
    if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("Token not accepted");
  },
}));
const server = app.listen(Number(process.argv[2] ?? 8080), "127.0.0.1", () => {
  console.log(`Serving SCIM on http://127.0.0.1:${server.address().port}/scim/v2`);
});
