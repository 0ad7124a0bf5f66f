use profiles::MadeBy;
use serde_json::{Map, Value};

use crate::admin::BASE;
use crate::admin::body::Fields;
use crate::admin::problem::{Problem, reply};
use crate::admin::tokens::refusal;
use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::store::TenantId;

/// `GET /settings`
pub(super) fn shown(app: &App, ask: &Ask, tenant: TenantId) -> Value {
    let settings = app.application.settings.of(tenant);
    let origin = ask.base.strip_suffix(BASE).unwrap_or(&ask.base);
    let mut shown = Map::new();
    shown.insert("provisioning".to_owned(), settings.provisioning.into());
    shown.insert("url".to_owned(), format!("{origin}{}", app.profile.base_path).into());
    if app.application.plan.welcomes {
        shown.insert("welcome_mails".to_owned(), settings.welcome_mails.into());
    }
    Value::Object(shown)
}

/// `PUT /settings`: what is left out stays as it is.
pub(super) fn change(app: &App, ask: &Ask, tenant: TenantId) -> Result<Reply, Problem> {
    let mut fields = Fields::of(&ask.body, &ask.headers)?;
    let provisioning = fields.flag("provisioning")?;
    let welcome_mails = if app.application.plan.welcomes {
        let mails = fields.flag("welcome_mails")?;
        fields.end("provisioning, welcome_mails")?;
        mails
    } else {
        fields.end("provisioning")?;
        None
    };
    if provisioning == Some(true) && app.tokens.rules.made_by == MadeBy::Switch {
        app.tokens.make_first(tenant, app.clock.unix_ms()).map_err(refusal)?;
    }
    app.application.settings.change(tenant, provisioning, welcome_mails);
    Ok(reply(200, &shown(app, ask, tenant)))
}
