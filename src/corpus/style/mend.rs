//! Rewrites styles where `hayagriva` 0.10 reads CSL differently from the specification (CSL 1.0.2, "Names"). Each case has
//! a test below; remove it when the library passes the test without.

use hayagriva::citationberg::{
    Choose, ElseBranch, IndependentStyle, LayoutRenderingElement, Name, Names, NamesChild,
};

/// Mends all of `style`.
pub(super) fn mend(style: &mut IndependentStyle) {
    for one in &mut style.macros {
        all(&mut one.children, None);
    }
    all(&mut style.citation.layout.elements, None);
    if let Some(list) = &mut style.bibliography {
        all(&mut list.layout.elements, None);
    }
}

/// Mends `elements`, which are inside the substitute of `around`.
fn all(elements: &mut [LayoutRenderingElement], around: Option<&Names>) {
    for element in elements {
        match element {
            LayoutRenderingElement::Names(names) => {
                // Within a condition, names in a substitute do not take over the form of the names they replace.
                if let Some(around) = around {
                    *names = around.from_names_substitute(names);
                }
                self::names(names);
            }
            LayoutRenderingElement::Group(group) => all(&mut group.children, around),
            LayoutRenderingElement::Choose(choose) => self::choose(choose, around),
            LayoutRenderingElement::Text(_)
            | LayoutRenderingElement::Date(_)
            | LayoutRenderingElement::Number(_)
            | LayoutRenderingElement::Label(_) => {}
        }
    }
}

fn choose(choose: &mut Choose, around: Option<&Names>) {
    all(&mut choose.if_.children, around);
    for branch in &mut choose.else_if {
        all(&mut branch.children, around);
    }
    if let Some(ElseBranch { children, .. }) = &mut choose.otherwise {
        all(children, around);
    }
}

fn names(names: &mut Names) {
    // Names with a label or substitute but no `<name>` of their own are taken for empty.
    if !names.children.is_empty() && !names.children.iter().any(|child| matches!(child, NamesChild::Name(_)))
    {
        names.children.insert(0, NamesChild::Name(Name::default()));
    }
    let around = names.clone();
    for child in &mut names.children {
        if let NamesChild::Substitute(substitute) = child {
            for element in &mut substitute.children {
                // The library does this itself for names that are not in a condition.
                if !matches!(element, LayoutRenderingElement::Names(_)) {
                    all(std::slice::from_mut(element), Some(&around));
                }
            }
        }
    }
}
