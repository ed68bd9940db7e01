namespace CampaignManager.Engine.Audiences;

/// <summary>The segments of a customer, or of customers who are alike in them.</summary>
/// <param name="Lifecycle">Key of where they stand with the shop.</param>
/// <param name="Favourite">Key of the favourite category's segment; null without one.</param>
/// <param name="Uplift">Which of <see cref="UpliftSegments"/>.</param>
/// <param name="Own">Keys of the saved audiences; null in none.</param>
public readonly record struct CustomerSegments(string Lifecycle, string? Favourite, int Uplift, IReadOnlyList<string>? Own = null) : ISegmentMember
{
    /// <inheritdoc/>
    public bool IsIn(string segment) =>
        segment == Lifecycle || segment == Favourite || UpliftSegments.Of(Uplift).Contains(segment) || (Own is not null && Own.Contains(segment));
}
