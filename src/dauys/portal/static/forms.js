// What helps on forms and is missed by nobody without it: focus on the summary of errors, one click counts once.
import { Button, Checkboxes, ErrorSummary, createAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const part of [Button, Checkboxes, ErrorSummary]) createAll(part);
