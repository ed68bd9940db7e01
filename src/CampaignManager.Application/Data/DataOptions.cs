using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Data;

/// <summary>Where the transactional store is. Section <c>Database</c>.</summary>
public sealed record DatabaseOptions : IValidatableObject
{
    public const string Sqlite = "Sqlite";
    public const string PostgreSql = "PostgreSql";

    [RegularExpression("^(Sqlite|PostgreSql)$", ErrorMessage = "Database:Provider must be 'Sqlite' or 'PostgreSql'.")]
    public string Provider { get; init; } = Sqlite;

    /// <summary>The SQLite file; its folder is made when missing. The keys of the sign-in cookies lie beside it with either provider.</summary>
    [Required(ErrorMessage = "Database:Path must name the SQLite file, for example data/campaign-manager.db.")]
    public string Path { get; init; } = "data/campaign-manager.db";

    /// <summary>How PostgreSQL is reached; SQLite needs none.</summary>
    public string? ConnectionString { get; init; }

    public bool IsPostgreSql => Provider == PostgreSql;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsPostgreSql && string.IsNullOrWhiteSpace(ConnectionString))
            yield return new ValidationResult("Database:ConnectionString must say how PostgreSQL is reached, for example Host=127.0.0.1;Database=campaigns;Username=campaigns;Password=...");
    }
}
