namespace CampaignManager.Application.ShopData.Rows;

/// <summary>A campaign the shop ran before it came here.</summary>
/// <param name="Row">0-based data row of its file.</param>
public sealed record CampaignRow(string Id, DateTime StartsAt, DateTime EndsAt, long Row) : ReadRow(Row)
{
    public string? Name { get; init; }

    /// <summary>Kind or words of the offer, as the source has them.</summary>
    public string? Offer { get; init; }

    public int? AttributionDays { get; init; }

    /// <summary>No file describes it: exposures name it, and its times are theirs.</summary>
    public bool OnlyNamed { get; init; }
}

/// <summary>Who was put into which arm of a campaign.</summary>
/// <param name="Arm">0: held back.</param>
/// <param name="Row">0-based data row of its file.</param>
public sealed record ExposureRow(string CampaignId, string CustomerId, int Arm, long Row) : ReadRow(Row)
{
    public DateTime? AssignedAt { get; init; }

    /// <summary>Probability to be treated, in (0, 1), on the rows of both arms; null where nobody drew it.</summary>
    public double? Propensity { get; init; }

    public bool Randomised { get; init; }

    public DateTime? ContactedAt { get; init; }

    /// <summary>Null: the campaign itself.</summary>
    public string? ExperimentId { get; init; }

    public int Epoch { get; init; } = 1;

    /// <summary>The campaign's version in force.</summary>
    public string? VersionId { get; init; }

    /// <summary>The id the arm was drawn over; null: the customer's own.</summary>
    public string? AssignmentId { get; init; }

    public double? Risk { get; init; }
}
