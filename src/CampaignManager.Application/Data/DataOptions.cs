using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Data;

/// <summary>Where the transactional store is. Section <c>Database</c>.</summary>
public sealed record DatabaseOptions
{
    [RegularExpression("^Sqlite$", ErrorMessage = "Database:Provider must be 'Sqlite'.")]
    public string Provider { get; init; } = "Sqlite";

    /// <summary>The SQLite file; its folder is made when missing.</summary>
    [Required(ErrorMessage = "Database:Path must name the SQLite file, for example data/campaign-manager.db.")]
    public string Path { get; init; } = "data/campaign-manager.db";
}
