//! How the screen looks, as pictures of characters at the two sizes that matter.

use super::harness::Harness;

/// Presses keys on a new screen of that size and gives its picture.
async fn picture(width: u16, height: u16, keys: &str) -> String {
    let mut harness = Box::pin(Harness::new(width, height)).await;
    harness.keys(keys).await;
    harness.screen()
}

macro_rules! looks {
    ($($name:ident $keys:literal;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                insta::assert_snapshot!(concat!(stringify!($name), "_80x24"), picture(80, 24, $keys).await);
                insta::assert_snapshot!(concat!(stringify!($name), "_140x45"), picture(140, 45, $keys).await);
            }
        )*
    };
}

looks! {
    the_first_screen "";
    the_field_list "gf/status<Enter>";
    a_query_with_hits "ihttp.response.status_code >= 500<Enter>";
    a_wrong_query "ihttp.response.status_code: (404 or<Enter>";
    nothing_found "iurl.path: nowhere<Enter>";
    columns "iurl.path: *<Enter>c url<Enter>";
    an_open_document "jj<Enter>";
    a_document_as_json "jj<Enter><Tab>";
    surroundings "jjx";
    a_span_of_the_histogram "ghhhhvhhh";
    the_time_picker "t";
    the_palette ":time";
    help "?";
    leader_keys "g";
}
