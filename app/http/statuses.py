"""The one table that says which HTTP status (RFC 9110) each refusal has. A test demands every code that there is."""

from typing import Final

from governance.errors import RochdaleError

_CODES: Final = {
    # The request itself cannot be understood.
    400: """
        body_malformed body_invalid cursor_invalid parameter_invalid idempotency_key_missing idempotency_key_invalid
        mandate_header_invalid host_unknown tile_path_invalid request_invalid
    """,
    # Nobody, or nobody known, asks.
    401: "token_refused session_ended sign_in_to_read sign_in_refused refresh_refused refresh_reused",
    # Somebody asks who may not.
    403: """
        no_mandate not_entitled not_sponsor power_missing not_on_roll reading_not_allowed not_acting not_steward
        password_wrong
    """,
    404: """
        address_unknown amendment_unknown coop_unknown entry_unknown mandate_unknown office_unknown poll_unknown
        proposal_unknown blob_unknown version_unknown account_unknown application_unknown draft_unknown
        session_unknown invitation_refused reset_refused tile_unknown article_unknown rule_unknown
    """,
    405: "method_not_allowed",
    # It would have been possible at another time, or in another state of the federation.
    409: """
        already_done already_founded amendment_outdated amendment_text_outdated ballot_final ballot_superseded
        contest_unfounded coop_duplicate coop_not_member electorate_empty last_steward acting_unsaid not_founded
        not_liftable poll_closed reason_missing rule_outdated statement_mismatch step_not_due text_erased
        text_permanent too_many_open voided_before weights_too_fine wrong_stage federation_missing account_exists
        application_closed application_foreign draft_changed mandate_held too_many_drafts
    """,
    410: "text_gone",
    413: "body_too_large record_too_large",
    414: "address_too_long",
    415: "body_type_wrong",
    # It is understood, and its content cannot be.
    422: """
        amendment_invalid article_invalid article_text_invalid blob_domain_unknown blob_invalid blob_not_named
        choice_not_offered effect_invalid fact_invalid fact_negative idempotency_mismatch instant_invalid
        json_malformed json_not_canonical json_number_not_allowed json_wrong_shape lock_out majority_empty
        mandate_invalid matter_unknown member_twice name_empty name_invisible_character name_mixed_scripts
        name_refused name_too_long name_unknown_character not_built number_not_exact provisions_invalid
        requirement_any_of requirement_base requirement_block requirement_comparison requirement_counts
        requirement_measure requirement_number requirement_present requirement_share rule_invalid text_missing
        text_not_stored text_too_long weighting_invalid weighting_unused refused format_invalid tile_invalid
        proof_range_invalid address_invalid password_refused password_too_long password_too_plain password_too_short
        password_untypable profile_invalid
    """,
    429: "too_many_requests too_many_attempts",
    # The service cannot now; nothing was recorded, or nobody knows yet.
    503: """
        bundle_busy clock_behind clock_differs database_unreachable ledger_closed ledger_unready log_key_rotated
        outcome_unknown signed_unwritable step_blocked steps_overdue passwords_busy
    """,
    # A fault of the service, or a refusal that belongs to the command line, to files and to the verifier. None of them is
    # said to whoever asks: the log has it under the id of the request.
    500: """
        error fault ledger_failed ballot_not_entitled base64_invalid blob_misplaced bundle_digest_wrong bundle_foreign
        bundle_frame_length_wrong bundle_frame_unknown bundle_header_invalid bundle_magic_wrong bundle_order_wrong
        bundle_size_wrong bundle_trailing bundle_truncated checkpoint_invalid checkpoint_origin_wrong
        consistency_false cosignature_invalid database_missing database_not_migrated database_unusable decimal_invalid
        demo_false fence_open founding_file_refused founding_incomplete frontier_invalid hash_length_wrong
        inclusion_false key_exists key_file_invalid key_foreign key_id_wrong key_missing key_name_invalid
        key_of_another_log key_type_unknown key_type_wrong key_unreadable keys_collide log_damaged log_different
        log_empty log_key_foreign log_shorter measure_mismatch migration_failed more_than_entitled note_invalid
        note_too_large note_unsigned nothing_due place_taken public_key_invalid receipt_invalid record_illegal
        record_not_asked record_out_of_order record_unknown root_mismatch root_signed_twice seed_invalid
        setting_invalid setting_missing signature_false signature_line_invalid signature_not_canonical signature_twice
        signed_file_invalid signed_missing text_withheld verifier_key_invalid voter_twice witness_answer_invalid
        witness_quorum_missing witness_request_invalid writer_not_built address_unusable backup_contradictory
        backup_damaged backup_key_invalid backup_key_wrong backup_newer backup_truncated backup_unknown
        backup_unvouched database_not_empty place_served port_taken token_key_invalid token_key_missing
        token_key_unwritable continuation_invalid nothing_lost rotation_invalid
    """,
}
STATUS_OF: Final[dict[str, int]] = {code: status for status, codes in _CODES.items() for code in codes.split()}
"""The status of each permanent code."""
SERVER_FAULT: Final = 500


def status_of(error: RochdaleError) -> int:
    """The HTTP status of a refusal; one that is in no table is a fault of the service."""
    return STATUS_OF.get(error.code, SERVER_FAULT)
