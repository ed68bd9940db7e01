using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Lake;

/// <summary>Where the lake lies and how much of the machine its queries may use (section <c>Lake</c>).</summary>
public sealed record LakeOptions : IValidatableObject
{
    private const double LeastMegabytes = 64;

    [Required(ErrorMessage = "Lake:Path is empty. Set it to a folder that the app may write to, for example data/lake.")]
    public string Path { get; init; } = "data/lake";

    /// <summary>Customers are spread over this many buckets by hash. Fixed for the life of a lake: files carry it in their path.</summary>
    [Range(1, 1024, ErrorMessage = "Lake:Buckets must be between 1 and 1024. 8 suits up to a million customers.")]
    public int Buckets { get; init; } = 8;

    /// <summary>Threads of one DuckDB connection; 0 takes what the machine has.</summary>
    [Range(0, 256, ErrorMessage = "Lake:Threads must be between 0 (all cores) and 256.")]
    public int Threads { get; init; }

    /// <summary>Memory of one DuckDB connection, beyond which it spills to disk. DuckDB's own syntax.</summary>
    [RegularExpression(@"^\d+(\.\d+)?\s*(MB|GB|MiB|GiB)$", ErrorMessage = "Lake:MemoryLimit must be a number and a unit, for example 2GB.")]
    public string MemoryLimit { get; init; } = "2GB";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var digits = new string([.. MemoryLimit.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        var megabytes = double.Parse(digits,
            System.Globalization.CultureInfo.InvariantCulture) * (MemoryLimit.Contains('G', StringComparison.Ordinal) ? 1000 : 1);
        if (megabytes is < LeastMegabytes or > 1e9)
            yield return new ValidationResult("Lake:MemoryLimit must be at least 64MB and at most 1000000GB, for example 2GB.");
    }
}
