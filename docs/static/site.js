/* A page opened from disk may not read another: the search then shows titles without summaries, and complains of nothing. */
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
