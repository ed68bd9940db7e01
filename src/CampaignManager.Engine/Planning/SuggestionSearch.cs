using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>A move with what it is worth.</summary>
/// <param name="Move">The change.</param>
/// <param name="Value">How much more net profit it makes, and how sure that is.</param>
/// <param name="Low">Lower end of the interval of the gain.</param>
/// <param name="High">Upper end.</param>
/// <param name="DiscountChange">Discounts to be paid in addition.</param>
/// <param name="DiscountAfter">Discounts to be paid once it is made.</param>
/// <param name="Extrapolated">It leads outside the offers ever tried.</param>
public sealed record ValuedMove(CampaignMove Move, MoveValue Value, double Low, double High, double DiscountChange, double DiscountAfter, bool Extrapolated);

/// <summary>What the search found.</summary>
/// <param name="Moves">Worth showing, best first.</param>
/// <param name="Candidates">How many were compared.</param>
/// <param name="Nearest">When nothing is worth showing: the most promising move.</param>
/// <param name="DataNeeded">For <paramref name="Nearest"/>: how many times today's data would settle it.</param>
public sealed record SearchResult(IReadOnlyList<ValuedMove> Moves, int Candidates, ValuedMove? Nearest, double DataNeeded);

/// <summary>Tries changes of a campaign with the planner and keeps those whose gain is not chance.</summary>
/// <param name="planner">The shop's planner.</param>
/// <param name="measured">Of a live campaign: what it was measured to bring so far.</param>
public sealed class SuggestionSearch(Planner planner, LiveEvidence? measured = null)
{
    private const int Most = 10;

    // A combination is built from categories that each look like a gain on their own.
    private const double WorthCombining = 0.8;

    /// <summary>Tries them all; says how far it is as a share of the whole.</summary>
    public SearchResult Run(CampaignRules rules, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var before = PlannedCampaign.Project(planner, rules);
        var segments = Segments.LifecycleKeys.Where((_, l) => before.Size((lifecycle, _) => lifecycle == l) >= SuggestionSelection.MinimumSupport).ToList();
        var moves = Candidates(rules, before, segments);
        var valued = new List<ValuedMove>();
        foreach (var move in moves)
        {
            cancellationToken.ThrowIfCancellationRequested();
            valued.Add(Value(before, move));
            progress?.Report(valued.Count / (moves.Count * 1.15));
        }

        foreach (var move in Combinations(rules, before, segments, valued).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            valued.Add(Value(before, move));
        }

        progress?.Report(1);
        return Choose(valued);
    }

    private List<CampaignMove> Candidates(CampaignRules rules, PlannedCampaign before, List<string> segments)
    {
        var moves = new List<CampaignMove>(OfferMoves.Grid(rules));
        foreach (var segment in segments)
        {
            moves.AddRange(ScopeMoves.Singles(rules, segment, InScope(rules, segment), planner.Categories, segments.Count == 1));
            if (segments.Count > 1)
                moves.Add(AudienceMoves.Drop(rules, segment));
        }

        if (segments.Count > 0)
        {
            moves.AddRange(planner.Categories
                .Where((_, c) => before.Size((_, favourite) => favourite == c) is var size && size >= SuggestionSelection.MinimumSupport && size < before.Size())
                .Select(c => AudienceMoves.Drop(rules, SegmentKeys.Favourite(c))));
        }

        var restricted = rules.Audience.AnyOf.Count > 0 && rules.Audience.AnyOf.All(Segments.LifecycleKeys.Contains);
        moves.AddRange(Segments.LifecycleKeys
            .Where(s => !segments.Contains(s) && (restricted ? !rules.Audience.AnyOf.Contains(s) : rules.Audience.NoneOf.Contains(s)))
            .Select(s => AudienceMoves.Add(rules, s)));
        return moves;
    }

    private IEnumerable<CampaignMove> Combinations(CampaignRules rules, PlannedCampaign before, List<string> segments, List<ValuedMove> singles)
    {
        foreach (var segment in segments)
        {
            foreach (var kind in (MoveKind[])[MoveKind.WidenScope, MoveKind.NarrowScope])
            {
                var good = singles
                    .Where(v => v.Move.Kind == kind && v.Move.Segment == segment && v.Value.Delta > 0 && v.Value.ProbabilityPositive >= WorthCombining)
                    .OrderByDescending(v => v.Value.Delta)
                    .SelectMany(v => v.Move.Categories)
                    .ToList();
                var inScope = InScope(rules, segment);
                for (var count = 2; count <= good.Count; count++)
                {
                    if (kind == MoveKind.NarrowScope && count >= inScope.Count)
                        break;
                    var picked = good[..count];
                    yield return kind == MoveKind.WidenScope
                        ? ScopeMoves.Widen(rules, segment, inScope, picked, planner.Categories, segments.Count == 1)
                        : ScopeMoves.Narrow(rules, segment, inScope, picked, planner.Categories, segments.Count == 1);
                }
            }
        }
    }

    private List<string> InScope(CampaignRules rules, string segment)
    {
        var flags = OfferScope.Resolve(rules.Scope, planner.Categories, segment);
        return [.. planner.Categories.Where((_, c) => flags[c])];
    }

    private ValuedMove Value(PlannedCampaign before, CampaignMove move)
    {
        var after = PlannedCampaign.Project(planner, move.After, before);
        var difference = planner.Compare(before, after, measured);
        var cost = planner.DiscountCost(after);
        var value = new MoveValue(difference.Delta, difference.StandardError, difference.DegreesOfFreedom, difference.Customers);
        return new ValuedMove(move, value, difference.Delta, difference.Delta, cost - planner.DiscountCost(before), cost, difference.Distance > 0);
    }

    private static SearchResult Choose(List<ValuedMove> valued)
    {
        var selected = SuggestionSelection.Select([.. valued.Select(v => v.Value)]);
        var best = selected
            .Where(s => valued[s.Index].Value.Delta > 0)
            .Select(s => valued[s.Index] with { Low = s.Low, High = s.High })
            .GroupBy(v => v.Move.Family)
            .Select(family => family.First())
            .Take(Most)
            .ToList();
        if (best.Count > 0)
            return new SearchResult(best, valued.Count, null, 0);
        var nearest = valued.Where(v => v.Value.Delta > 0 && v.Value.Customers >= SuggestionSelection.MinimumSupport).MaxBy(v => v.Value.ProbabilityPositive);
        return new SearchResult([], valued.Count, nearest, nearest is null ? 0 : SuggestionSelection.DataNeeded(nearest.Value));
    }
}
