using System.Diagnostics.CodeAnalysis;

namespace CampaignManager.Application;

/// <summary>Why an operation was refused: the expected kinds of failure, each with the HTTP status it becomes.</summary>
public enum FailureKind
{
    Invalid = 400,
    Forbidden = 403,
    NotFound = 404,
    Conflict = 409,
    Stale = 412,

    /// <summary>Too much waits already: the same call is welcome some seconds later.</summary>
    Busy = 503,

    /// <summary>The server cannot keep it: its disk is full or read-only.</summary>
    NoRoom = 507,
}

/// <summary>
/// An expected failure. <see cref="Code"/> is stable (kebab-case) and names the text resource that pages show;
/// <see cref="Message"/> is the English sentence for logs and the API; <see cref="Errors"/> maps a JSON path to sentences.
/// </summary>
public sealed record Failure(FailureKind Kind, string Code, string Message, IReadOnlyDictionary<string, string[]>? Errors = null)
{
    public static Failure NotFound(string what) => new(FailureKind.NotFound, "not-found", $"{what} was not found.");

    public static Failure Forbidden(string sentence) => new(FailureKind.Forbidden, "forbidden", sentence);

    public static Failure Conflict(string code, string sentence) => new(FailureKind.Conflict, code, sentence);

    public static Failure Invalid(string path, string sentence) =>
        new(FailureKind.Invalid, "invalid", sentence, new Dictionary<string, string[]> { [path] = [sentence] });

    public static Failure Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(FailureKind.Invalid, "invalid", "Some fields are not right.", errors);
}

/// <summary>Success, or an expected failure.</summary>
public class Outcome
{
    protected Outcome(Failure? failure) => Failure = failure;

    public Failure? Failure { get; }

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    public static Outcome Success { get; } = new(null);

    public static implicit operator Outcome(Failure failure) => new(failure);
}

/// <summary>A value, or an expected failure.</summary>
public sealed class Outcome<T> : Outcome
{
    private readonly T? value;

    private Outcome(T? value, Failure? failure)
        : base(failure) => this.value = value;

    /// <summary>The value; throws when the operation failed.</summary>
    public T Value => Succeeded ? value! : throw new InvalidOperationException(Failure.Message);

    /// <summary>Success with a value whose type the implicit conversion cannot take (<c>object</c>, interfaces).</summary>
    public static Outcome<T> Of(T value) => new(value, null);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
