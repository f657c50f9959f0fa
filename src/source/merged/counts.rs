//! Counts over several sources: total, histogram, top values, suggestions.

use super::round::{self, Answers, Ask};
use super::work::Work;
use super::{SOURCE_FIELD, combine};
use crate::query::{
    Answer, Breakdown, Facet, FacetRequest, FacetValue, Histogram, HistogramRequest, Interval,
    Part, Total, Warning,
};
use crate::time::TimeRange;

impl Work {
    pub(super) async fn total(&self) {
        let sum = |answers: &Answers| {
            Answer::Total(combine::total(totals(answers).into_iter().map(|(_, total)| total)))
        };
        self.round(self.everywhere(&Part::Total), &sum).await;
    }

    pub(super) async fn facet(&self, request: &FacetRequest) {
        let FacetRequest { field, size } = request;
        if field == SOURCE_FIELD {
            let by_source = |answers: &Answers| {
                let named: Vec<(&str, &Total)> = totals(answers)
                    .into_iter()
                    .map(|(number, total)| (&*self.members()[number].name, total))
                    .collect();
                Answer::Facet(combine::by_source(field, &named, *size))
            };
            return self.round(self.everywhere(&Part::Total), &by_source).await;
        }
        let sum = |answers: &Answers| {
            let facets: Vec<&Facet> = answers.iter().flatten().filter_map(facet_of).collect();
            Answer::Facet(combine::facet(field, &facets, *size))
        };
        self.round(self.everywhere(&Part::Facet(combine::wider(request))), &sum).await;
    }

    pub(super) async fn suggest(&self, field: &str, text: &str, size: usize) {
        if field == SOURCE_FIELD {
            let wanted = text.to_lowercase();
            let named = self.members().iter().map(|member| FacetValue {
                value: Some(member.name.as_str().into()),
                label: member.name.clone(),
                count: member.status().records,
            });
            let named = named.filter(|value| value.label.to_lowercase().contains(&wanted));
            let values = named.take(size).collect();
            return self.tell(Answer::Suggestions(values), Vec::new()).await;
        }
        let sum = |answers: &Answers| {
            let lists: Vec<&Vec<FacetValue>> = answers
                .iter()
                .flatten()
                .filter_map(|given| match &given.answer {
                    Answer::Suggestions(values) => Some(values),
                    _ => None,
                })
                .collect();
            Answer::Suggestions(combine::suggestions(&lists, size))
        };
        let part = |size| Part::Suggest { field: field.to_owned(), text: text.to_owned(), size };
        self.round(self.everywhere(&part(size * 2)), &sum).await;
    }

    pub(super) async fn histogram(&self, request: &HistogramRequest) {
        let TimeRange { from, to } = self.search.range;
        let interval = match (request.interval, from, to) {
            (Interval::Auto { buckets }, Some(from), Some(to)) => Interval::fit(from, to, buckets),
            (chosen, _, _) => chosen,
        };
        let by_source =
            matches!(&request.by, Some(Breakdown::Values { field, .. }) if field == SOURCE_FIELD);
        let by = match &request.by {
            _ if by_source => None,
            Some(Breakdown::Values { field, top }) => {
                // A value that is high in all need not be as high in each.
                Some(Breakdown::Values { field: field.clone(), top: top + top / 2 + 10 })
            }
            other => other.clone(),
        };
        let part = |interval| Part::Histogram(HistogramRequest { interval, by: by.clone() });
        let sum = |answers: &Answers, interval: Interval| {
            let own: Vec<(usize, &Histogram)> = histograms(answers);
            let how = (interval, self.search.zone);
            if by_source {
                let named: Vec<(&str, &Histogram)> =
                    own.iter().map(|(at, bars)| (&*self.members()[*at].name, *bars)).collect();
                return combine::split_by_source(&named, how, self.search.range);
            }
            let own: Vec<&Histogram> = own.into_iter().map(|(_, bars)| bars).collect();
            combine::histogram(&own, request.by.as_ref(), how, self.search.range)
        };
        let Interval::Auto { buckets } = interval else {
            let sum = |answers: &Answers| Answer::Histogram(sum(answers, interval));
            let mut so_far = |answers: &Answers| {
                if let (warnings, None) = round::judge(self.members(), answers) {
                    self.tell_so_far(sum(answers), warnings);
                }
            };
            let asks = self.everywhere(&part(interval));
            let answers =
                round::ask(self.members(), asks, self.id, &self.cancel, &mut so_far).await;
            return self.tell_bars(request, &answers, &sum).await;
        };
        let fitted = |answers: &Answers| {
            let own: Vec<&Histogram> = histograms(answers).into_iter().map(|(_, it)| it).collect();
            let fitted = combine::fitted(&own, self.search.zone, buckets);
            fitted.or_else(|| own.first().map(|bars| bars.interval))
        };
        let mut so_far = |answers: &Answers| {
            let (warnings, nothing) = round::judge(self.members(), answers);
            if let (None, Some(interval)) = (nothing, fitted(answers)) {
                self.tell_so_far(Answer::Histogram(sum(answers, interval)), warnings);
            }
        };
        // Each fits the width to its own time; then those whose width is not that of all are asked again.
        let asks = self.everywhere(&part(interval));
        let mut answers =
            round::ask(self.members(), asks, self.id, &self.cancel, &mut so_far).await;
        let Some(interval) = fitted(&answers) else {
            let (warnings, nothing) = round::judge(self.members(), &answers);
            let none = Answer::Failed("no source gave a histogram".to_owned());
            return self.tell(nothing.unwrap_or(none), warnings).await;
        };
        let fits = |number: usize| match answers[number].as_ref().map(|given| &given.answer) {
            Some(Answer::Histogram(bars)) => bars.interval == interval || bars.buckets.is_empty(),
            _ => true,
        };
        let asks: Vec<Ask> = self
            .members()
            .iter()
            .map(|member| {
                if fits(member.number) {
                    return Ask::Nothing;
                }
                self.ask_of(member, part(interval))
            })
            .collect();
        let again = round::ask(self.members(), asks, self.id, &self.cancel, &mut |_| {}).await;
        for (place, given) in answers.iter_mut().zip(again) {
            *place = given.or(place.take());
        }
        self.tell_bars(request, &answers, &|answers| Answer::Histogram(sum(answers, interval)))
            .await;
    }

    /// Tells the final bars, and whether a value may count too little in them.
    async fn tell_bars(
        &self,
        request: &HistogramRequest,
        answers: &Answers,
        sum: &(dyn Fn(&Answers) -> Answer + Sync),
    ) {
        let (mut warnings, nothing) = round::judge(self.members(), answers);
        let answer = nothing.unwrap_or_else(|| sum(answers));
        let own: Vec<&Histogram> = histograms(answers).into_iter().map(|(_, it)| it).collect();
        if let (Answer::Histogram(merged), Some(Breakdown::Values { field, .. })) =
            (&answer, &request.by)
            && field != SOURCE_FIELD
            && !combine::is_exact(&own, merged)
        {
            warnings.push(Warning::approximate(format!(
                "values of {field} that are rare in one of the sources may count too little in the bars"
            )));
        }
        self.tell(answer, warnings).await;
    }
}

fn totals(answers: &Answers) -> Vec<(usize, &Total)> {
    answers
        .iter()
        .enumerate()
        .filter_map(|(at, given)| match given.as_ref().map(|given| &given.answer) {
            Some(Answer::Total(total)) => Some((at, total)),
            _ => None,
        })
        .collect()
}

fn histograms(answers: &Answers) -> Vec<(usize, &Histogram)> {
    answers
        .iter()
        .enumerate()
        .filter_map(|(at, given)| match given.as_ref().map(|given| &given.answer) {
            Some(Answer::Histogram(bars)) => Some((at, bars)),
            _ => None,
        })
        .collect()
}

fn facet_of(given: &round::Given) -> Option<&Facet> {
    match &given.answer {
        Answer::Facet(facet) => Some(facet),
        _ => None,
    }
}
