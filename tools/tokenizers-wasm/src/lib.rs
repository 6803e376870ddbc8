//! The reference library behind a plain C interface: one WebAssembly instance holds one tokenizer.
//!
//! The caller writes its input into the buffer that `input` gives, calls a function, and reads what it left in
//! `ids`, `type_ids` or `text`. A function that can fail answers -1 and leaves the reason in `text`. A panic ends
//! the instance with a trap; its reason is in `text` too, and the instance is used no more.

mod patterns;

use std::ptr::{addr_of, addr_of_mut};

use tokenizers::decoders::DecoderWrapper;
use tokenizers::models::ModelWrapper;
use tokenizers::normalizers::NormalizerWrapper;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::processors::PostProcessorWrapper;
use tokenizers::utils::truncation::{truncate_encodings, TruncationParams};
use tokenizers::{Encoding, PostProcessor, Tokenizer};

/// What the functions below leave for the caller.
struct Output {
    encoding: Encoding,
    ids: Vec<u32>,
    type_ids: Vec<u32>,
    text: Vec<u8>,
    cut: bool,
}

struct Loaded {
    /// Without its post-processor, truncation and padding.
    tokenizer: Tokenizer,
    processor: Option<PostProcessorWrapper>,
}

// One thread, and each is borrowed apart from the others.
static mut LOADED: Option<Loaded> = None;
static mut INPUT: Vec<u8> = Vec::new();
static mut OUTPUT: Option<Output> = None;

fn loaded() -> &'static Loaded {
    unsafe { (*addr_of!(LOADED)).as_ref() }.expect("no tokenizer is loaded")
}

fn output() -> &'static mut Output {
    unsafe {
        (*addr_of_mut!(OUTPUT)).get_or_insert_with(|| Output {
            encoding: Encoding::default(),
            ids: Vec::new(),
            type_ids: Vec::new(),
            text: Vec::new(),
            cut: false,
        })
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A count, or -1 with the reason in `text`.
fn answer(outcome: Outcome<usize>) -> i32 {
    match outcome {
        Ok(count) => count as i32,
        Err(reason) => {
            output().text = reason.to_string().into_bytes();
            -1
        }
    }
}

fn input_bytes() -> &'static [u8] {
    unsafe { &*addr_of!(INPUT) }
}

fn input_text(from: usize, to: usize) -> Outcome<&'static str> {
    Ok(std::str::from_utf8(&input_bytes()[from..to])?)
}

/// A buffer of `length` bytes to write the next call's input into.
#[no_mangle]
pub extern "C" fn input(length: usize) -> *mut u8 {
    let buffer = unsafe { &mut *addr_of_mut!(INPUT) };
    buffer.resize(length, 0);
    buffer.as_mut_ptr()
}

/// Takes `bytes` of memory in one piece and gives them back, so that what comes next has room. Growing in many pieces
/// makes a JavaScript engine look for garbage each time, over all that it holds.
#[no_mangle]
pub extern "C" fn reserve(bytes: usize) {
    let mut room: Vec<u8> = Vec::new();
    // Without that much it grows as it is used.
    let _ = std::hint::black_box(&mut room).try_reserve_exact(bytes);
    std::hint::black_box(&room);
}

#[no_mangle]
pub extern "C" fn ids() -> *const u32 {
    output().ids.as_ptr()
}

#[no_mangle]
pub extern "C" fn type_ids() -> *const u32 {
    output().type_ids.as_ptr()
}

#[no_mangle]
pub extern "C" fn text() -> *const u8 {
    output().text.as_ptr()
}

#[no_mangle]
pub extern "C" fn text_length() -> usize {
    output().text.len()
}

/// Loads the tokenizer.json in the buffer. `retries` bounds the backtracking of its patterns on one text.
/// Truncation and padding are the caller's, so those sections are left out.
#[no_mangle]
pub extern "C" fn load(length: usize, retries: u32) -> i32 {
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let reason = payload
            .downcast_ref::<&str>()
            .map(|text| text.to_string())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        output().text = reason.into_bytes();
    }));
    patterns::set_budget(retries);
    let outcome = (|| -> Outcome<usize> {
        let json = input_text(0, length)?;
        let mut tokenizer: Tokenizer =
            json.parse()
                .map_err(|error: Box<dyn std::error::Error + Send + Sync>| {
                    part_that_fails(json).unwrap_or_else(|| error.to_string())
                })?;
        tokenizer.with_truncation(None)?;
        tokenizer.with_padding(None);
        let processor = tokenizer.get_post_processor().cloned();
        tokenizer.with_post_processor(None::<PostProcessorWrapper>);
        unsafe {
            LOADED = Some(Loaded {
                tokenizer,
                processor,
            })
        };
        Ok(0)
    })();
    // Room that a whole file took is not needed again.
    unsafe { INPUT = Vec::new() };
    answer(outcome)
}

/// Which part of a tokenizer.json the library does not take, and why: `pre_tokenizer Split: ...`.
fn part_that_fails(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    type Check = fn(serde_json::Value) -> Option<String>;
    fn reason<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Option<String> {
        serde_json::from_value::<T>(value)
            .err()
            .map(|error| error.to_string())
    }
    let parts: [(&str, &str, Check); 5] = [
        ("normalizer", "normalizers", reason::<NormalizerWrapper>),
        (
            "pre_tokenizer",
            "pretokenizers",
            reason::<PreTokenizerWrapper>,
        ),
        ("model", "", reason::<ModelWrapper>),
        (
            "post_processor",
            "processors",
            reason::<PostProcessorWrapper>,
        ),
        ("decoder", "decoders", reason::<DecoderWrapper>),
    ];
    for (name, list, check) in parts {
        let part = value.get(name).cloned().unwrap_or_default();
        if part.is_null() {
            continue;
        }
        let Some(why) = check(part.clone()) else {
            continue;
        };
        // Of a sequence, the member.
        for member in part
            .get(list)
            .and_then(|members| members.as_array())
            .into_iter()
            .flatten()
        {
            if let Some(why) = check(member.clone()) {
                return Some(format!("{name} {}: {why}", kind(member)));
            }
        }
        return Some(format!("{name} {}: {why}", kind(&part)));
    }
    None
}

fn kind(part: &serde_json::Value) -> &str {
    part.get("type")
        .and_then(|kind| kind.as_str())
        .unwrap_or("without a type")
}

/// Encodes the first `first` bytes of the buffer, and as its pair (unless negative) the `second` bytes after them,
/// special tokens included, cut to `max_length` tokens longest first. Answers how many ids there are; `cut`
/// tells whether tokens were left out. With `named` the tokens' names are kept for `tokens`, which takes longer.
#[no_mangle]
pub extern "C" fn encode(first: usize, second: i32, max_length: usize, named: u32) -> i32 {
    answer((|| {
        let segment = |text: &'static str| match named {
            1 => {
                patterns::begin_text();
                loaded().tokenizer.encode(text, false)
            }
            _ => segment(text),
        };
        let a = segment(input_text(0, first)?)?;
        let b = match second {
            length if length < 0 => None,
            length => {
                let text = input_text(first, first + length as usize)?;
                let mut pair = segment(text)?;
                // As the library's own `encode` marks it.
                let types = vec![1; pair.len()];
                pair.set_type_ids(types);
                Some(pair)
            }
        };
        let room = max_length.saturating_sub(added_tokens(b.is_some() as u32) as usize);
        let whole = a.len() + b.as_ref().map_or(0, |pair| pair.len());
        let params = TruncationParams {
            max_length: room,
            ..Default::default()
        };
        let (a, b) = truncate_encodings(a, b, &params)?;
        output().cut = whole > room;
        keep(processed(a, b)?)
    })())
}

#[no_mangle]
pub extern "C" fn cut() -> u32 {
    output().cut as u32
}

/// A text without special tokens, its tokens' names left out.
fn segment(text: &str) -> Outcome<Encoding> {
    patterns::begin_text();
    loaded().tokenizer.encode_fast(text, false)
}

fn processed(a: Encoding, b: Option<Encoding>) -> Outcome<Encoding> {
    match &loaded().processor {
        Some(processor) => processor.process(a, b, true),
        None => loaded().tokenizer.post_process(a, b, true),
    }
}

fn keep(mut encoding: Encoding) -> Outcome<usize> {
    // Windows that truncation left over.
    encoding.take_overflowing();
    let output = output();
    output.ids = encoding.get_ids().to_vec();
    output.type_ids = encoding.get_type_ids().to_vec();
    output.encoding = encoding;
    Ok(output.ids.len())
}

/// Ids of the buffer's text without special tokens.
#[no_mangle]
pub extern "C" fn pieces(length: usize) -> i32 {
    answer((|| {
        keep(
            loaded()
                .tokenizer
                .encode_fast(input_text(0, length)?, false)?,
        )
    })())
}

/// The tokens of the last encoding, into `text` as a JSON array. (They are not always the vocabulary's: an unknown
/// piece of a Unigram keeps its text.)
#[no_mangle]
pub extern "C" fn tokens() -> i32 {
    answer((|| {
        let output = output();
        output.text = serde_json::to_vec(output.encoding.get_tokens())?;
        Ok(output.text.len())
    })())
}

/// How many tokens the post-processor adds to one text (0) or two (1).
#[no_mangle]
pub extern "C" fn added_tokens(pair: u32) -> u32 {
    loaded()
        .processor
        .as_ref()
        .map_or(0, |processor| processor.added_tokens(pair == 1)) as u32
}

/// The tokens that stand around one text (0) or two (1): what an empty one becomes.
#[no_mangle]
pub extern "C" fn around(pair: u32) -> i32 {
    answer((|| {
        let second = (pair == 1).then(Encoding::default);
        keep(processed(Encoding::default(), second)?)
    })())
}

/// The text of `count` ids (32 bits each, in the buffer), into `text`.
#[no_mangle]
pub extern "C" fn decode(count: usize, skip_special: u32) -> i32 {
    answer((|| {
        let ids: Vec<u32> = input_bytes()[..count * 4]
            .chunks_exact(4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        patterns::begin_text();
        output().text = loaded()
            .tokenizer
            .decode(&ids, skip_special == 1)?
            .into_bytes();
        Ok(output().text.len())
    })())
}

/// Id of the token in the buffer; -1 where the vocabulary has none.
#[no_mangle]
pub extern "C" fn token_to_id(length: usize) -> i32 {
    let id = input_text(0, length)
        .ok()
        .and_then(|token| loaded().tokenizer.token_to_id(token));
    id.map_or(-1, |id| id as i32)
}

/// Puts the token of an id into `text`; 0 where there is none.
#[no_mangle]
pub extern "C" fn id_to_token(id: u32) -> u32 {
    match loaded().tokenizer.id_to_token(id) {
        Some(token) => {
            output().text = token.into_bytes();
            1
        }
        None => 0,
    }
}
