namespace CampaignManager.Web.Hosting;

/// <summary>A refusal, as RFC 9457 has it.</summary>
public record ApiProblem
{
    public string? Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>Which fields are wrong, by JSON path, and why; left out where none is.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>By which the log finds the call.</summary>
    public string? TraceId { get; init; }
}
