//! Which texts are configurations.

use super::super::ast::{Condition, Config, Join, LiteralKind, SectionKind, Statement};

#[track_caller]
fn refused(text: &str, reason: &str) {
    let findings = Config::parse(text).expect_err("must be refused");
    assert_eq!(findings[0].message, reason, "of {text}");
}

#[test]
fn a_whole_file_is_read() {
    let text = r#"
        # where from
        input { file { path => ["/var/log/*.log", '/tmp/x'] codec => json { charset => "UTF-8" } } }
        filter {
          grok { match => { "message" => "%{SYSLOGLINE}" 'b' => 5 } tag_on_failure => [] }
          if [type] == "a" and "x" in [tags] or ![b] { drop {} }
          else if [n] >= 5 { mutate { add_tag => [ "big" ] } } # why
          else { date { match => ["t", "ISO8601"] } }
        }
        output { stdout {} }
    "#;
    let config = Config::parse(text).expect("it is a configuration");
    let filters: Vec<_> = config.statements(SectionKind::Filter).collect();
    assert_eq!(filters.len(), 2);
    let Statement::Plugin(grok) = filters[0] else { panic!("grok is a plugin") };
    assert_eq!(&text[grok.span.clone()], "grok");
    assert!(matches!(&grok.attributes[0].value.kind, LiteralKind::Hash(h) if h.len() == 2));
    let Statement::Branch(branch) = filters[1] else { panic!("if is a branch") };
    assert_eq!((branch.arms.len(), branch.otherwise.len()), (2, 1));
    assert!(matches!(&branch.arms[0].0, Condition::Join(Join::Or, left, _)
        if matches!(&**left, Condition::Join(Join::And, ..))));
}

#[test]
fn findings_name_the_place() {
    refused("filter {", "expected `}`, a name but found the end of the text at line 1, column 9");
    refused("filter { a { b => } }", "expected a name, a value but found `}` at line 1, column 19");
    refused("filter { a { b => { xx => 1 xx => 2 } } }", "duplicate key in a hash");
    refused("filter { if [a] xor [b] xor [c] {} }", "`xor` and `nand` cannot be chained");
    refused("x", "expected `input`, `filter` or `output` but found `x` at line 1, column 1");
}

#[test]
fn deep_nesting_is_refused_not_survived_by_luck() {
    let text = format!("filter {{ a {{ b => {} }} }}", "[".repeat(100_000));
    refused(&text, "nested too deeply");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z\\[\\]{}()=>!\"'/#, \\\\\n0-9~-]{0,60}") {
        let _ = Config::parse(&text);
        let _ = Config::parse(&format!("filter {{ {text} }}"));
        let _ = Config::parse(&format!("filter {{ if {text} {{ }} }}"));
    }
}
