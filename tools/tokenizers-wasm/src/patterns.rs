//! Bounds how far the patterns of a tokenizer go back on one text, whatever they are.
//!
//! The linker puts `__wrap_onig_search_with_param` in the place of Oniguruma's search (`--wrap`). A search first may
//! go back a little, which is all that sound patterns need, then ten times as far, and so on; every attempt that was
//! not enough is charged to the text's budget. So the answer is the same on every machine, and a text takes time
//! in proportion to its length plus the budget.

use onig_sys::{
    onig_set_retry_limit_in_search_of_match_param, OnigMatchParam, OnigOptionType, OnigRegex,
    OnigRegion, OnigUChar,
};
use std::os::raw::{c_int, c_ulong};
use std::ptr::{addr_of, addr_of_mut};

/// Steps back of a search's first attempt; they are not charged.
const FREE: u32 = 1_000;
/// ONIGERR_RETRY_LIMIT_IN_SEARCH_OVER
const OVER: c_int = -18;

static mut BUDGET: u32 = 0;
static mut LEFT: u32 = 0;

pub fn set_budget(retries: u32) {
    unsafe { *addr_of_mut!(BUDGET) = retries }
    begin_text();
}

/// To be called before each text.
pub fn begin_text() {
    unsafe { *addr_of_mut!(LEFT) = *addr_of!(BUDGET) }
}

extern "C" {
    fn __real_onig_search_with_param(
        regex: OnigRegex,
        text: *const OnigUChar,
        end: *const OnigUChar,
        start: *const OnigUChar,
        range: *const OnigUChar,
        region: *mut OnigRegion,
        option: OnigOptionType,
        param: *mut OnigMatchParam,
    ) -> c_int;
}

/// # Safety
/// As `onig_search_with_param`, in whose place it stands.
#[no_mangle]
pub unsafe extern "C" fn __wrap_onig_search_with_param(
    regex: OnigRegex,
    text: *const OnigUChar,
    end: *const OnigUChar,
    start: *const OnigUChar,
    range: *const OnigUChar,
    region: *mut OnigRegion,
    option: OnigOptionType,
    param: *mut OnigMatchParam,
) -> c_int {
    let mut limit = FREE;
    loop {
        onig_set_retry_limit_in_search_of_match_param(param, limit as c_ulong);
        let found = __real_onig_search_with_param(
            regex, text, end, start, range, region, option, param,
        );
        let left = &mut *addr_of_mut!(LEFT);
        if found != OVER || *left == 0 {
            return found;
        }
        // A limit of 0 would be none.
        limit = limit.saturating_mul(10).min(*left).max(1);
        *left -= limit.min(*left);
    }
}
