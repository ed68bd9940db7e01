using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Demo;

/// <summary>The demo shop (section <c>Demo</c>).</summary>
public sealed record DemoOptions
{
    /// <summary>Build the demo shop when the database is empty; nothing said: only in Development.</summary>
    public bool? Enabled { get; init; }

    [Range(1_000, 2_000_000, ErrorMessage = "Demo:Customers must be between 1,000 and 2,000,000.")]
    public int Customers { get; init; } = 20_000;

    public long Seed { get; init; } = 20260701;

    [Range(15, 60, ErrorMessage = "Demo:Months must be between 15 and 60: the past campaigns need the last twelve and some history before.")]
    public int Months { get; init; } = 18;

    /// <summary>The day the shop's history ends, in the shop's zone; nothing: today.</summary>
    public DateOnly? EndDate { get; init; }
}
