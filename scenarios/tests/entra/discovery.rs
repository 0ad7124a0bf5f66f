//! Which attributes the target offers.

use scenarios::entra::{SchemaDiscovery, Settings};

use crate::people::People;
use crate::stage::Stage;

fn discovered(which: SchemaDiscovery) -> (Vec<String>, usize) {
    let mut stage = Stage::new(People::new(), Settings { schema_discovery: which, ..Settings::default() });
    let discovery = stage.discover();
    assert_eq!(discovery.error, None);
    (discovery.attributes, discovery.exchanges.len())
}

#[test]
fn nothing_is_asked_unless_that_is_set() {
    assert_eq!(discovered(SchemaDiscovery::None), (Vec::new(), 0));
}

#[test]
fn attributes_are_offered_as_mappings_write_them() {
    let (core, requests) = discovered(SchemaDiscovery::CoreOnly);
    assert_eq!(requests, 1);
    for expected in ["userName", "name.givenName", "active", "emails[type eq \"work\"].value"] {
        assert!(core.iter().any(|name| name == expected), "{expected}: {core:?}");
    }
    assert!(!core.iter().any(|name| name.starts_with("urn:") || name == "members"), "{core:?}");
    let (all, _) = discovered(SchemaDiscovery::All);
    assert!(all.len() > core.len(), "{all:?}");
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
    assert!(all.iter().any(|name| name == manager), "{all:?}");
}
