using System.Text.Json;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// Does parts of a run's work, on whatever node. One instance does all the parts that a node takes of a run, so what is dear to open (a
/// model, a connection) may be kept in fields, filled at the first part; it is disposed with its scope.
/// </summary>
/// <remarks>A part may run twice, on two nodes, and must then leave the same: a function of its arguments, its number and the files it
/// reads.</remarks>
public interface IJobPart
{
    /// <summary>
    /// How many parts this node works on at once: as many calls of <see cref="RunAsync"/> run side by side on this instance.
    /// </summary>
    int AtOnce => 1;

    /// <returns>What came out, small enough for a row; rows and scores go into files, and the result names them. Null for
    /// nothing.</returns>
    Task<object?> RunAsync(PartContext part, CancellationToken cancellationToken);
}

/// <summary>Which part it is.</summary>
/// <param name="RunId">The run it belongs to; empty where there is none.</param>
/// <param name="Number">From 0.</param>
/// <param name="Attempt">How often this part has been begun: above 1 after a death.</param>
public sealed record PartContext(Guid RunId, int Number, int Attempt, string ArgumentsJson)
{
    /// <summary>What all parts of the work were told.</summary>
    public T Arguments<T>() => JsonSerializer.Deserialize<T>(ArgumentsJson, JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException($"Part {Number} of run {RunId} has no arguments.");
}
