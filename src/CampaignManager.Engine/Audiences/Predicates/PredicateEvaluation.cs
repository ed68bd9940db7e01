namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>What is known of a customer as of a moment. Null is "not known", which is never 0 and never "no".</summary>
public interface ICustomerFacts
{
    /// <summary>An attribute in words; of tags all of them.</summary>
    IReadOnlyList<string>? Words(WordAttribute attribute);

    /// <summary>What they said yes or no to.</summary>
    bool? Flag(FlagAttribute attribute);

    /// <summary>Days, with a fraction.</summary>
    double? Days(SinceWhat what);

    /// <summary>How often, or how much in major units.</summary>
    /// <param name="what">What is counted.</param>
    /// <param name="of">Only of these goods.</param>
    /// <param name="days">Only in so many days before the moment.</param>
    double? Counted(Doing what, Goods? of, int? days);

    /// <summary>1 to 5.</summary>
    int? Score(RfmPart part);

    /// <summary>Whether they are in a segment; segments are lists, so that is always known.</summary>
    bool IsIn(string segment);

    /// <summary>What the model in use predicts, as a share.</summary>
    double? Predicted(Prediction of);
}

/// <summary>
/// The one meaning of a predicate, by Kleene's three values: <c>and</c> is false where one part is, <c>or</c> true where one part is, whatever is not known beside it; <c>not</c> of what
/// is not known is not known. In an audience is whom the predicate holds for; who may or may not hold it is out, of its negation too.
/// </summary>
public static class PredicateEvaluation
{
    /// <summary>True, false, or null where that is not known.</summary>
    public static bool? Holds(this Predicate predicate, ICustomerFacts facts) => predicate switch
    {
        Every every => All(every.Of, facts),
        Some some => Any(some.Of, facts),
        Not not => !not.Of.Holds(facts),
        WordIn word => facts.Words(word.Attribute) is { } words ? words.Any(word.Values.Contains) : null,
        FlagIs flag => facts.Flag(flag.Attribute) is { } value ? value == flag.Value : null,
        DaysSince since => In(since.Days, facts.Days(since.What)),
        Did did => In(did.Times, facts.Counted(did.What, did.Of, did.Days)),
        RfmIs rfm => In(rfm.Score, facts.Score(rfm.Part)),
        InSegment segment => facts.IsIn(segment.Key),
        ScoreIs score => In(score.Value, facts.Predicted(score.Of)),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    /// <summary>Its conditions, in the order in which they stand.</summary>
    public static IEnumerable<Condition> Conditions(this Predicate predicate) => predicate switch
    {
        Every every => every.Of.SelectMany(Conditions),
        Some some => some.Of.SelectMany(Conditions),
        Not not => not.Of.Conditions(),
        Condition condition => [condition],
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    private static bool? In(Bounds bounds, double? value) => value is { } known ? bounds.Hold(known) : null;

    private static bool? All(IReadOnlyList<Predicate> parts, ICustomerFacts facts)
    {
        bool? all = true;
        foreach (var part in parts)
        {
            if (part.Holds(facts) is not { } known)
                all = null;
            else if (!known)
                return false;
        }

        return all;
    }

    private static bool? Any(IReadOnlyList<Predicate> parts, ICustomerFacts facts)
    {
        bool? any = false;
        foreach (var part in parts)
        {
            if (part.Holds(facts) is not { } known)
                any = null;
            else if (known)
                return true;
        }

        return any;
    }
}
